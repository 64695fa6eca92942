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
    return { ok: false, message: `The script ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}
