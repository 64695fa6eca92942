// slipway sessions: what there is, newest first.

import { LOCAL_OWNER } from '@slipway/server/auth/person'
import type { SessionRow } from '@slipway/server/contract/session-schemas'
import { viewCards } from '@slipway/server/views/session-card'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { renderSessions } from '../render/session-table.ts'
import { openTerminal } from '../terminal.ts'
import { withRuntime } from '../with-runtime.ts'
import { printableJson } from '../render/printable-json.ts'

export function sessions(options: { limit: number; status?: SessionRow['status']; archived?: boolean; json?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal('people')
  return withRuntime(async ({ store }) => {
    const shown = await viewCards(store.as(LOCAL_OWNER), {
      ownerId: LOCAL_OWNER,
      limit: options.limit,
      status: options.status ?? null,
      isArchived: options.archived ?? false,
    })
    if (options.json) for (const row of shown) terminal.print(printableJson(row))
    else if (shown.length === 0) terminal.print('No sessions yet. Start one: slipway run --repo <path> --task "<what to do>"')
    else for (const line of renderSessions(shown, terminal.style)) terminal.print(line)
    return exitCodes.asAsked
  })
}
