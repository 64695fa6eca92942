// A random secret in a file of the home folder that only its owner reads.

import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { SlipwayError } from '../errors/slipway-error.ts'

/**
 * Reads the secret, creating it when it is missing. Several processes may do this at once: all get the same one. Throws SlipwayError
 * that says what to do when something else lies there.
 */
export async function openSecretFile(home: string, name: string): Promise<string> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  const path = join(home, name)
  await createOnce(path)
  const found = await stat(path)
  if (!found.isFile())
    throw new SlipwayError('not-ready', `${path} is no file, so no secret can be kept in it. Move it away; a new one is made.`)
  if ((found.mode & 0o077) !== 0) await chmod(path, 0o600)
  const secret = (await readFile(path, 'utf8')).trim()
  if (secret.length < 32)
    throw new SlipwayError(
      'not-ready',
      `The secret in ${path} is too short to be safe. Delete the file and start again; a new one is made.`,
    )
  return secret
}

// Written elsewhere first and then linked into place: nobody ever reads half a secret, and the first writer wins.
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
