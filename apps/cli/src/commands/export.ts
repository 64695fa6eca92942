// slipway export: the whole session as a document or as data.

import { writeFile } from 'node:fs/promises'
import { loadSession } from '@slipway/server/actions/access'
import { asLocal } from '@slipway/server/auth/ports-for'
import { exportHtml } from '@slipway/server/views/export-html'
import { exportMarkdown } from '@slipway/server/views/export-markdown'
import { SlipwayError } from '@slipway/server/errors/slipway-error'
import { viewSession } from '@slipway/server/views/session-view'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { printableJson } from '../render/printable-json.ts'
import { findSession } from '../session/find-session.ts'
import { withRuntime } from '../with-runtime.ts'

export function exportSession(id: string, options: { format: 'md' | 'html' | 'json'; output?: string }): Promise<ExitCode> {
  return withRuntime(async (runtime) => {
    const loaded = await loadSession(asLocal(runtime.ports), await findSession(runtime, id))
    const view = viewSession(loaded.state, loaded)
    const text = {
      md: () => exportMarkdown(view, loaded.events),
      html: () => exportHtml(view, loaded.events),
      json: () => `${printableJson({ session: view, events: loaded.events }, 2)}\n`,
    }[options.format]()
    if (options.output === undefined) await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()))
    else await write(options.output, text)
    return exitCodes.asAsked
  })
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { mode: 0o600 })
  } catch (error) {
    throw new SlipwayError(
      'usage',
      `--output ${path} cannot be written: ${reasonOf(error)}. Name a file in a folder that exists and is yours.`,
      {
        cause: error,
      },
    )
  }
}

function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'its folder does not exist'
    case 'ENOTDIR':
      return 'a part of the path is no folder'
    case 'EISDIR':
      return 'it is a folder'
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'you may not write there'
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
