// What a person can do to a session in each of its states, and why not where they cannot.

import type { PageView } from '../session-hooks.ts'

export interface CanDo {
  /** null: the agent can be stopped; else why there is nothing to stop. */
  whyNoStop: string | null
  canResume: boolean
  /** A message is read while the agent works, so it can steer or wait its turn. */
  isWorking: boolean
  hint: string
  /** What each of the keys does with it, the most needed first. */
  keys: readonly string[]
}

const STEERS = ['Enter steers', 'Alt+Enter queues']
const SENDS = ['Enter sends', 'Shift+Enter breaks the line']

/** Judged from the newest view; the server judges again. */
export function canDo(view: PageView | undefined): CanDo {
  if (view === undefined)
    return { whyNoStop: 'The session is still being loaded', canResume: false, isWorking: false, hint: '', keys: SENDS }
  const { status, outcome, ask } = view
  switch (status) {
    case 'queued':
    case 'preparing':
      return { whyNoStop: null, canResume: false, isWorking: true, hint: 'The agent reads it when it is ready', keys: STEERS }
    case 'working':
    case 'verifying':
      return { whyNoStop: null, canResume: false, isWorking: true, hint: 'The agent reads it after the current step', keys: STEERS }
    case 'waiting':
      return {
        whyNoStop: null,
        canResume: false,
        isWorking: ask?.kind === 'approval' || ask?.kind === 'budget',
        hint: hintOfAsk(ask?.kind),
        keys: ask?.kind === 'approval' ? ['Enter queues', 'Shift+Enter breaks the line'] : ask?.kind === 'budget' ? STEERS : SENDS,
      }
    case 'parked':
      return { whyNoStop: null, canResume: true, isWorking: false, hint: 'A message lets the agent go on', keys: SENDS }
    case 'stopping':
      return {
        whyNoStop: 'It is being stopped already',
        canResume: false,
        isWorking: false,
        hint: 'A message lets the agent go on',
        keys: SENDS,
      }
    case 'done':
      return {
        whyNoStop: 'The agent rests: there is nothing to stop',
        canResume: outcome === 'stopped' || outcome === 'failed',
        isWorking: false,
        hint: 'Say what should be done next',
        keys: SENDS,
      }
  }
}

function hintOfAsk(kind: NonNullable<PageView['ask']>['kind'] | undefined): string {
  switch (kind) {
    case 'question':
      return 'Your message answers the question'
    case 'plan':
      return 'Your message asks for another plan'
    case 'approval':
      return 'The agent reads it once you have decided'
    case 'continue':
      return 'Your message lets the agent go on'
    case 'budget':
    case undefined:
      return 'The agent reads it when it goes on'
  }
}
