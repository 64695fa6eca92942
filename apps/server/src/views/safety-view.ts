// What a session may do, in words, and what it was kept from.

import type { Autonomy, EventOf, SessionEvent } from '@slipway/core/events'
import type { SessionState } from '@slipway/core/state'
import type { z } from 'zod'
import type { sessionSafety } from '../contract/workbench-routes.ts'
import type { Settings } from '../settings.ts'

type Safety = z.infer<(typeof sessionSafety)['answer']>
type Blocked = Safety['network']['blocked'][number]

const MEANING: Record<Autonomy, string> = {
  ask: 'The plan and everything that leaves the sandbox wait for your yes.',
  plan: 'The agent works without asking; everything that leaves the sandbox waits for your yes.',
  auto: 'The agent works and opens a change request without asking, as far as its checks and the protected paths allow it.',
}

/** The kinds of events that `viewSafety` looks at. */
export const SAFETY_EVENTS = ['sandbox-started', 'egress-decided', 'tool-ruled', 'guard-tripped'] as const

/** `events`: those of SAFETY_EVENTS. */
export function viewSafety(settings: Pick<Settings, 'sandbox' | 'egress'>, state: SessionState, events: readonly SessionEvent[]): Safety {
  const { memoryBytes, processes, cpus, diskBytes } = settings.sandbox.limits
  const started = lastOf(events, 'sandbox-started')
  return {
    autonomy: state.autonomy,
    meaning: MEANING[state.autonomy],
    sandbox: { backend: started?.backend ?? state.sandboxBackend, memoryBytes, processes, cpus, diskBytes },
    network: { agent: settings.egress.agent.allow, setup: settings.egress.setup?.allow ?? null, blocked: blockedBy(events) },
    gates: gatesOf(state),
    ruled: events.flatMap(({ seq, body }) =>
      body.type === 'tool-ruled' && body.decision !== 'allow'
        ? [{ seq, decision: body.decision, ruleId: body.ruleId, reason: body.reason }]
        : [],
    ),
    guards: events.flatMap(({ seq, body }) =>
      body.type === 'guard-tripped' ? [{ seq, guard: body.guard, action: body.action, reason: body.reason }] : [],
    ),
  }
}

function gatesOf({ autonomy, plan, planApproval }: SessionState): Safety['gates'] {
  const paths = planApproval === 'approved' ? (plan?.paths ?? []) : []
  return [
    { effect: 'Commands and edits in the sandbox', decision: 'allow', reason: 'They are contained.' },
    autonomy === 'ask' && planApproval !== 'approved'
      ? { effect: 'Changing files', decision: 'deny', reason: 'A plan has to be approved first.' }
      : { effect: 'Changing files', decision: 'allow', reason: 'Stays inside the sandbox until it is published.' },
    autonomy === 'auto'
      ? { effect: 'Push and change request', decision: 'allow', reason: 'To this session’s own branch, once the scan is clean.' }
      : { effect: 'Push and change request', decision: 'ask', reason: 'It leaves the sandbox.' },
    { effect: 'Files that run elsewhere, such as workflows', decision: 'ask', reason: 'Protected paths need a person, whatever the mode.' },
    ...(paths.length === 0
      ? []
      : [{ effect: `Files outside ${paths.join(', ')}`, decision: 'ask' as const, reason: 'The approved plan does not name them.' }]),
    { effect: 'A change with a secret in it', decision: 'deny', reason: 'The secret scan must come back clean.' },
    { effect: 'Other branches', decision: 'deny', reason: 'A session pushes its own branch only.' },
  ]
}

function blockedBy(events: readonly SessionEvent[]): Blocked[] {
  const blocked = new Map<string, Blocked>()
  for (const { actor, body } of events) {
    if (body.type !== 'egress-decided' || body.decision !== 'denied') continue
    // In the same sandbox and under the same rules, and yet not the agent's doing.
    const phase = actor.kind === 'system' && actor.id === 'preview' ? 'preview' : body.phase
    const key = `${body.host}:${body.port} ${phase} ${body.reason}`
    const known = blocked.get(key)
    if (known) known.count += body.count
    else blocked.set(key, { host: body.host, port: body.port, phase, reason: body.reason, count: body.count })
  }
  return [...blocked.values()]
}

function lastOf<Type extends SessionEvent['body']['type']>(events: readonly SessionEvent[], type: Type): EventOf<Type> | null {
  return (events.findLast(({ body }) => body.type === type)?.body as EventOf<Type> | undefined) ?? null
}
