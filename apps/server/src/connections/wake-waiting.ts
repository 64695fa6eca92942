// A person who connects an account again has said what the sessions that wait for it were asking: they go on by themselves.

import { hurryAfterConnecting, waitingForAccounts } from '@slipway/store/waiting-for-accounts'
import { appendForForge } from '../follow/append-for-forge.ts'
import type { Runtime } from '../runtime.ts'
import { runLoop, type RunningLoop } from '../runtime/run-loop.ts'

type WakeNeeds = Pick<Runtime, 'store' | 'ports' | 'logger'>

/** Another process may have connected the account, or died right after it. */
const EVERY_MS = 10_000

/** Looks at once whenever `parts` says that somebody has connected an account. */
export function wakeWaiting(needs: WakeNeeds, parts: Pick<Runtime['accountParts'], 'onConnected'>): RunningLoop {
  const connected = new Set<string>()
  const loop = runLoop({
    clock: needs.ports.clock,
    everyMs: EVERY_MS,
    async step() {
      const owners = [...connected]
      connected.clear()
      for (const ownerId of owners) await hurryAfterConnecting(needs.store.database.pool, ownerId)
      await wakeOnce(needs)
      return false
    },
    onTrouble: (error) => needs.logger.error({ err: error }, 'waking sessions that wait for an account'),
  })
  const leave = parts.onConnected((ownerId) => {
    connected.add(ownerId)
    loop.nudge()
  })
  return {
    nudge: loop.nudge,
    async close() {
      leave()
      await loop.close()
    },
  }
}

/** Answers for the person, once for each time that a session waits; returns how many go on. */
export async function wakeOnce({ store, ports, logger }: WakeNeeds): Promise<number> {
  let woken = 0
  for (const session of await waitingForAccounts(store.database.pool)) {
    const answered = await appendForForge(ports, session, ({ ask, parked }) => {
      if (ask?.kind !== 'continue' || parked?.guard !== 'account') return []
      return [{ type: 'human-answered', askId: ask.askId, decision: 'approve', text: '', effectHash: null, budgetMicros: null }]
    })
    if (answered === 0) continue
    woken++
    logger.info({ sessionId: session.sessionId }, 'goes on, as its account was connected again')
  }
  return woken
}
