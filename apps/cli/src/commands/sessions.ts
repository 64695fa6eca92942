// slipway sessions: what there is, newest first.

import { LOCAL_OWNER } from '@slipway/server/auth/person'
import { sessionRowSchema, type SessionRow } from '@slipway/server/contract/session-schemas'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { renderSessions } from '../render/session-table.ts'
import { openTerminal } from '../terminal.ts'
import { withRuntime } from '../with-runtime.ts'
import { printableJson } from '../render/printable-json.ts'

export function sessions(options: { limit: number; status?: SessionRow['status']; json?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal('people')
  return withRuntime(async ({ store }) => {
    const rows = await store.sessions.list({ ownerId: LOCAL_OWNER, limit: options.limit, status: options.status ?? null })
    const shown = rows.map(
      (row): SessionRow => sessionRowSchema.parse({ ...row, repository: row.repositoryUrl, openQuestions: row.openAsks.length }),
    )
    if (options.json) for (const row of shown) terminal.print(printableJson(row))
    else if (shown.length === 0) terminal.print('No sessions yet. Start one: slipway run --repo <path> --task "<what to do>"')
    else for (const line of renderSessions(shown, terminal.style)) terminal.print(line)
    return exitCodes.asAsked
  })
}
