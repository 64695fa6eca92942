import type { Autonomy } from '../events.ts'

/** What people call the modes, on the pages and at the terminal. */
export const modeNames: Record<Autonomy, string> = { ask: 'Ask about everything', plan: 'Plan first', auto: 'Go ahead' }
