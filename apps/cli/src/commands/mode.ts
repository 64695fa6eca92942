// slipway mode: how much of a session waits for a person from now on.

import type { Autonomy } from '@slipway/core/events'
import type { SessionState } from '@slipway/core/state'
import { loadSession } from '@slipway/server/actions/access'
import { changeAutonomy } from '@slipway/server/actions/people'
import { asLocal } from '@slipway/server/auth/ports-for'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { describeMode } from '../render/mode-words.ts'
import { findSession } from '../session/find-session.ts'
import { openTerminal } from '../terminal.ts'
import { withRuntime } from '../with-runtime.ts'

export function mode(id: string, autonomy: Autonomy): Promise<ExitCode> {
  const terminal = openTerminal('people')
  return withRuntime(async (runtime) => {
    const ports = asLocal(runtime.ports)
    const sessionId = await findSession(runtime, id)
    const seq = await changeAutonomy(ports, { sessionId, autonomy, wake: 'no' })
    const { state } = await loadSession(ports, sessionId)
    terminal.print(`${seq === null ? 'Already in this mode. ' : ''}${describeMode(autonomy)}.`)
    terminal.print(whenItCounts(state))
    return exitCodes.asAsked
  })
}

function whenItCounts({ sessionId, finished, ask }: SessionState): string {
  if (finished?.outcome === 'stopped' || finished?.outcome === 'failed')
    return `This session has ended; the mode counts when it goes on: slipway resume ${sessionId}`
  if (finished) return `This session has ended; the mode counts when it goes on: slipway say ${sessionId} "<what else to change>"`
  if (ask) return `The open question still waits for your answer: slipway show ${sessionId}`
  return 'It counts from the next step on.'
}
