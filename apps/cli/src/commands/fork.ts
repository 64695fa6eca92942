// slipway fork: a new session that begins with another one's past.

import { fork as forkSession } from '@slipway/server/actions/fork'
import { asLocal } from '@slipway/server/auth/ports-for'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { findSession } from '../session/find-session.ts'
import { openTerminal } from '../terminal.ts'
import { withRuntime } from '../with-runtime.ts'

export function fork(id: string, options: { at: number; model?: string; detach?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal('people')
  return withRuntime(async (runtime) => {
    const sessionId = await findSession(runtime, id)
    const forkId = await forkSession(
      { ...asLocal(runtime.ports), sandboxes: runtime.sandboxes },
      {
        sessionId,
        atSeq: options.at,
        model: options.model ?? null,
        wake: options.detach ? 'now' : 'no',
      },
    )
    terminal.print(forkId)
    terminal.note(
      options.detach ? 'slipway: a running server or worker goes on with it.' : `slipway: go on with it here: slipway resume ${forkId}`,
    )
    return exitCodes.asAsked
  })
}
