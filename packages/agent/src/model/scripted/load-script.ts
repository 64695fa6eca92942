// Finds the file behind `scripted/<file>`.

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Script } from './script.ts'

/** Read anew for every call, so that a person may edit the script between two runs. */
export async function loadScript(folder: string, file: string): Promise<{ ok: true; script: Script } | { ok: false; message: string }> {
  if (!/\.(ya?ml|json)$/.test(file)) return { ok: false, message: `“${file}” is no script: its name must end in .yaml, .yml or .json.` }
  const path = resolve(folder, file)
  // The YAML reader is loaded only by those who play scripts.
  const { parseScript } = await import('./script.ts')
  try {
    return parseScript(await readFile(path, 'utf8'), path)
  } catch (error) {
    return {
      ok: false,
      message: `The script ${path} cannot be read: ${reasonOf(error)}. Give the path of a script; docs/models.md shows one.`,
    }
  }
}

function reasonOf(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file'
    case 'EISDIR':
      return 'it is a folder'
    case 'EACCES':
      return 'permission denied'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
