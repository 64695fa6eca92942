// Makes bare repositories of our own appear whole or not at all, after a power loss too.

import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { git } from './run-git.ts'

/** Creates a bare repository without hooks or templates at `path`; one that is there already stays. `borrowFrom`: object directories to read from. */
export async function ensureBareRepository(
  path: string,
  options: { objectFormat: 'sha1' | 'sha256'; borrowFrom: string[] },
): Promise<void> {
  if (await exists(join(path, 'HEAD'))) return
  const draft = `${path}.${randomUUID()}.new`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    await git({
      args: ['init', '--quiet', '--bare', '--template=', `--object-format=${options.objectFormat}`, '--initial-branch=none', draft],
    })
    await mkdir(join(draft, 'objects', 'info'), { recursive: true })
    const alternates = join(draft, 'objects', 'info', 'alternates')
    if (options.borrowFrom.length > 0) await writeFile(alternates, `${options.borrowFrom.join('\n')}\n`)
    for (const file of [join(draft, 'HEAD'), join(draft, 'config'), ...(options.borrowFrom.length > 0 ? [alternates] : [])])
      await flush(file)
    await rename(draft, path)
  } catch (error) {
    if (!(await exists(join(path, 'HEAD')))) throw error
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
