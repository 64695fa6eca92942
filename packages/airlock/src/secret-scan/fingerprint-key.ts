// The key of this installation's fingerprints. With a key, a fingerprint tells that two findings are the same and nothing about the value.

import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Reads the key below the home folder; the first caller makes it. */
export async function readFingerprintKey(home: string): Promise<Buffer> {
  const path = join(home, 'scan-fingerprint.key')
  const found = await readFile(path).catch(() => null)
  if (found !== null && found.length === 32) return found
  await mkdir(home, { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, randomBytes(32), { mode: 0o600 })
  try {
    // A link appears whole, and fails for everybody but the first.
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft, { force: true })
  }
  return readFile(path)
}
