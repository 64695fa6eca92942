// slipway follow: a session as it happens, from its beginning, without taking part in it.

import { loadSession } from '@slipway/server/actions/access'
import { asLocal } from '@slipway/server/auth/ports-for'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { findSession } from '../session/find-session.ts'
import { openViewer } from '../session/viewer.ts'
import { openTerminal } from '../terminal.ts'
import { withRuntime } from '../with-runtime.ts'

const LOOK_AGAIN_MS = 5_000

/** Ends when the session does, or with Ctrl-C, which leaves the session alone. */
export function follow(id: string, options: { after: number; json?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal(options.json ? 'quiet' : 'people')
  return withRuntime(async (runtime) => {
    const sessionId = await findSession(runtime, id)
    const viewer = openViewer({ runtime, sessionId, after: options.after, terminal, format: options.json ? 'json' : 'people' })
    let isLeaving = false
    process.once('SIGINT', () => {
      isLeaving = true
    })
    try {
      for (;;) {
        const { state } = await loadSession(asLocal(runtime.ports), sessionId)
        await viewer.shown(Math.max(state.head, options.after))
        if (state.finished || isLeaving) return exitCodes.asAsked
        await Promise.race([viewer.nextEvent(LOOK_AGAIN_MS), leave(() => isLeaving)])
      }
    } finally {
      viewer.close()
    }
  })
}

async function leave(isLeaving: () => boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    const check = setInterval(() => {
      if (!isLeaving()) return
      clearInterval(check)
      resolve()
    }, 100)
    check.unref()
  })
}
