// The bearer token that guards the API until people can sign in: one random value in a file that only its owner reads.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the token of this home lies. */
export function apiTokenPath(home: string): string {
  return join(home, 'api-token')
}

/** Reads the home's token, creating it when it is missing. Several processes may do this at once: all get the same token. */
export async function openApiToken(home: string): Promise<string> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  const path = apiTokenPath(home)
  await createOnce(path)
  if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600)
  const token = (await readFile(path, 'utf8')).trim()
  if (token.length < 32)
    throw new Error(`The token in ${path} is too short to be safe. Delete the file and start again; a new one is made.`)
  return token
}

/** Compares in constant time, whatever the lengths. */
export function isSameToken(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected))
}

// Written elsewhere first and then linked into place: nobody ever reads half a token, and the first writer wins.
async function createOnce(path: string): Promise<void> {
  const draft = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${randomBytes(32).toString('base64url')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  try {
    await link(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(draft)
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
