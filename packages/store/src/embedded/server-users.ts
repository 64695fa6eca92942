// Who uses the embedded server: one file per open database, naming the process. Read and changed under the file lock.

import { randomUUID } from 'node:crypto'
import { mkdir, readFile, readdir, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.ts'

/** Registers the calling process; returns the registration's name. */
export async function registerUser(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const name = `${process.pid}-${randomUUID()}.json`
  const temporary = join(folder, `${name}.new`)
  await writeFile(temporary, JSON.stringify(ownIdentity()), { mode: 0o600 })
  await rename(temporary, join(folder, name))
  return name
}

/** Removes a registration; removing it twice is fine. */
export async function unregisterUser(folder: string, name: string): Promise<void> {
  await unlink(join(folder, name)).catch(() => undefined)
}

/** Counts living users and forgets those whose process is gone. */
export async function countUsers(folder: string): Promise<number> {
  let living = 0
  for (const name of await readdir(folder).catch(() => [])) {
    if (await belongsToRunningProcess(join(folder, name))) living += 1
    else await unlink(join(folder, name)).catch(() => undefined)
  }
  return living
}

async function belongsToRunningProcess(path: string): Promise<boolean> {
  try {
    return isRunning(JSON.parse(await readFile(path, 'utf8')) as ProcessIdentity) // written by this file only
  } catch {
    return false
  }
}
