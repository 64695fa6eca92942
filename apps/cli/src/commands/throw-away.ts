// slipway throw-away: for work that nobody wants.

import { throwAway as throwSessionAway } from '@slipway/server/actions/throw-away'
import { asLocal } from '@slipway/server/auth/ports-for'
import { LOCAL_OWNER } from '@slipway/server/auth/person'
import { setArchived } from '@slipway/store/session-cards'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { findSession } from '../session/find-session.ts'
import { openTerminal } from '../terminal.ts'
import { withRuntime } from '../with-runtime.ts'

export function throwAway(id: string): Promise<ExitCode> {
  const terminal = openTerminal('people')
  return withRuntime(async (runtime) => {
    const sessionId = await findSession(runtime, id)
    const putAway = () => setArchived(runtime.store.as(LOCAL_OWNER), { ownerId: LOCAL_OWNER, sessionId, isArchived: true })
    const { closed } = await throwSessionAway(asLocal(runtime.ports), { sessionId, putAway })
    terminal.print(
      closed === null
        ? 'Thrown away. No change request was open.'
        : `Thrown away. Change request ${closed.number} is closed: ${closed.url}`,
    )
    return exitCodes.asAsked
  })
}
