// slipway export: the whole session as a document or as data.

import { writeFile } from 'node:fs/promises'
import { loadSession } from '@slipway/server/actions/access'
import { exportMarkdown } from '@slipway/server/views/export-markdown'
import { viewSession } from '@slipway/server/views/session-view'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { findSession } from '../session/find-session.ts'
import { withRuntime } from '../with-runtime.ts'

export function exportSession(id: string, options: { format: 'md' | 'json'; output?: string }): Promise<ExitCode> {
  return withRuntime(async (runtime) => {
    const loaded = await loadSession(runtime.ports, await findSession(runtime, id))
    const view = viewSession(loaded.state, loaded)
    const text =
      options.format === 'md'
        ? exportMarkdown(view, loaded.events)
        : `${JSON.stringify({ session: view, events: loaded.events }, null, 2)}\n`
    if (options.output === undefined) await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()))
    else await writeFile(options.output, text, { mode: 0o600 })
    return exitCodes.asAsked
  })
}
