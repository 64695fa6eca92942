// A random secret in a file of the home folder that only its owner reads.

import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** Reads the secret, creating it when it is missing. Several processes may do this at once: all get the same one. */
export async function openSecretFile(home: string, name: string): Promise<string> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  const path = join(home, name)
  await createOnce(path)
  if (((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600)
  const secret = (await readFile(path, 'utf8')).trim()
  if (secret.length < 32)
    throw new Error(`The secret in ${path} is too short to be safe. Delete the file and start again; a new one is made.`)
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
