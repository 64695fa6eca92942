// slipway resume: lets a session go on, at this terminal.

import { loadSession } from '@slipway/server/actions/access'
import { resume as sayGoOn } from '@slipway/server/actions/people'
import { asLocal } from '@slipway/server/auth/ports-for'
import { SlipwayError } from '@slipway/server/errors/slipway-error'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { findSession } from '../session/find-session.ts'
import { watchHere } from '../session/watch-here.ts'
import { openTerminal } from '../terminal.ts'
import { withRuntime } from '../with-runtime.ts'

export function resume(id: string, options: { detach?: boolean; json?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal(options.json ? 'quiet' : 'people')
  return withRuntime(async (runtime) => {
    const sessionId = await findSession(runtime, id)
    const { state } = await loadSession(asLocal(runtime.ports), sessionId)
    // A question is put again here; everything else that keeps a session from going on is lifted.
    if (state.ask === null || options.detach)
      await sayGoOn(asLocal(runtime.ports), { sessionId, wake: options.detach ? 'now' : 'no' }).catch(passRest)
    if (options.detach) {
      runtime.ports.bus.publish({ kind: 'wake', sessionId })
      terminal.print(`A running server or worker goes on with ${sessionId}.`)
      return exitCodes.asAsked
    }
    terminal.note(`slipway: going on with ${sessionId}`)
    return watchHere({
      runtime,
      sessionId,
      terminal,
      after: state.ask === null ? state.head : state.head - 1,
      format: options.json ? 'json' : 'people',
    })
  })

  // An ended session is shown as it is: its summary says what to do next.
  function passRest(error: unknown): void {
    if (error instanceof SlipwayError && error.code === 'conflict' && !options.detach) return terminal.note(`slipway: ${error.message}`)
    throw error
  }
}
