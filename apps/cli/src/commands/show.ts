// slipway show: one session as it stands.

import { loadSession } from '@slipway/server/actions/access'
import { readDiff } from '@slipway/server/actions/read-diff'
import { asLocal } from '@slipway/server/auth/ports-for'
import { viewSession } from '@slipway/server/views/session-view'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { renderDiff } from '../render/render-diff.ts'
import { renderSession } from '../render/summary.ts'
import { findSession } from '../session/find-session.ts'
import { openTerminal } from '../terminal.ts'
import { withRuntime } from '../with-runtime.ts'
import { printableJson } from '../render/printable-json.ts'

const MAX_DIFF_BYTES = 2_000_000

export function show(id: string, options: { json?: boolean; diff?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal('people')
  return withRuntime(async (runtime) => {
    const loaded = await loadSession(asLocal(runtime.ports), await findSession(runtime, id))
    const view = viewSession(loaded.state, loaded)
    if (options.json) terminal.print(printableJson(view, 2))
    else if (options.diff)
      for (const line of renderDiff((await readDiff(runtime.ports.airlock, loaded.state, MAX_DIFF_BYTES)).diff, terminal.style))
        terminal.print(line)
    else for (const line of renderSession(view, terminal.style)) terminal.print(line)
    return exitCodes.asAsked
  })
}
