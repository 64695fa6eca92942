// What the home folder keeps secret, for the redactor and the guard only.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The token of the API and the keys of the installation, as far as they have been made. */
export async function homeSecrets(home: string): Promise<string[]> {
  const texts = await Promise.all(['api-token', 'secret-key'].map((name) => readFile(join(home, name), 'utf8').catch(() => '')))
  return texts.flatMap((text) => text.split(/\s+/)).filter((secret) => secret !== '')
}
