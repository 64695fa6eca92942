// Makes the name of a reference outlive a power loss.

import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Returns once the directories that lead to `ref` are on the disk. git syncs what is in a reference before it gives it its name, but not
 * the name: see `core.fsync` in git-config(1).
 */
export async function syncReference(gitDir: string, ref: string): Promise<void> {
  for (let folder = dirname(join(gitDir, ref)); folder.startsWith(gitDir); folder = dirname(folder)) await syncPath(folder)
}

/** Returns once what is in a file, or the names in a directory, are on the disk; at once when there is none. */
export async function syncPath(path: string): Promise<void> {
  const opened = await open(path, 'r').catch(() => null)
  try {
    await opened?.sync()
  } catch {
    /* some network file systems refuse it for directories */
  } finally {
    await opened?.close()
  }
}
