import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Takes away what a killed git left locked in a repository of our own. Call it only where no other git can be writing there. */
export async function removeStaleLocks(gitDir: string): Promise<void> {
  const refs = await readdir(join(gitDir, 'refs'), { recursive: true }).catch(() => [])
  const locks = [
    'packed-refs.lock',
    'HEAD.lock',
    'shallow.lock',
    ...refs.filter((name) => name.endsWith('.lock')).map((name) => join('refs', name)),
  ]
  await Promise.all(locks.map((name) => rm(join(gitDir, name), { force: true })))
}
