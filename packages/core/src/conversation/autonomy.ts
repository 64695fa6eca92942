// How much waits for a person can change while the session runs. The gate reads it from the state with each decision.

import type { AutonomyChanged, SessionEvent } from '../events.ts'
import type { SessionState } from '../state.ts'

export const autonomyNote = 'mode'

const planWanted =
  'The person wants to approve a plan before anything more is changed. Propose one with update_plan, then wait for the answer.'
const planNotWanted = 'The person no longer needs to approve a plan before you change something.'

/** Takes the change in. The model hears of it where its instructions would mislead it: they speak of the plan alone. */
export function changeAutonomy(state: SessionState, event: SessionEvent, { autonomy }: AutonomyChanged): SessionState {
  const changed = { ...state, autonomy }
  const wantsPlan = autonomy === 'ask'
  if (wantsPlan === (state.autonomy === 'ask') || state.planApproval === 'approved') return changed
  const text = wantsPlan ? planWanted : planNotWanted
  const note = { kind: 'note' as const, seq: event.seq, origin: autonomyNote, trust: 'trusted' as const, text }
  // Only the newest of those that the model has not read yet counts.
  const inbox = state.inbox.filter((item) => item.kind !== 'note' || item.origin !== autonomyNote)
  return { ...changed, inbox: [...inbox, note] }
}
