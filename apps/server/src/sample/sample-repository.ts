// Makes the demo's repository out of plain files: a bare repository with one commit on `main`.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureBareRepository } from '@slipway/git/bare-repository'
import { git } from '@slipway/git/run-git'

const AUTHOR = { name: 'Slipway demo', email: 'demo@localhost' }

/** Creates the repository at `gitDir` from the files below `folder` and returns its commit. */
export async function createSampleRepository({ folder, gitDir, at }: { folder: string; gitDir: string; at: Date }): Promise<string> {
  await ensureBareRepository(gitDir, { objectFormat: 'sha1', borrowFrom: [] })
  const tree = await writeTree(folder, gitDir)
  const date = `${Math.floor(at.getTime() / 1_000)} +0000`
  const environment = {
    GIT_AUTHOR_NAME: AUTHOR.name,
    GIT_AUTHOR_EMAIL: AUTHOR.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: AUTHOR.name,
    GIT_COMMITTER_EMAIL: AUTHOR.email,
    GIT_COMMITTER_DATE: date,
  }
  const commit = await line({ args: ['commit-tree', tree, '-m', 'feat: carve numbers'], gitDir, environment })
  await git({ args: ['update-ref', 'refs/heads/main', commit], gitDir })
  await git({ args: ['symbolic-ref', 'HEAD', 'refs/heads/main'], gitDir })
  return commit
}

/** Objects only, no work tree: git reads no configuration and runs no filter of the folder. */
async function writeTree(folder: string, gitDir: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true })
  const rows = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return `040000 tree ${await writeTree(path, gitDir)}\t${entry.name}`
      return `100644 blob ${await line({ args: ['hash-object', '-w', '--stdin'], gitDir, stdin: await readFile(path) })}\t${entry.name}`
    }),
  )
  return line({ args: ['mktree', '-z'], gitDir, stdin: rows.map((row) => `${row}\0`).join('') })
}

async function line(run: Parameters<typeof git>[0]): Promise<string> {
  return (await git(run)).toString('utf8').trim()
}
