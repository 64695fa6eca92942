// A small real repository for tests: one commit on main, more on request.

import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { git } from './git-command.ts'

const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false']

/** Creates a repository with `README.md` on branch main and returns the commit's id. */
export async function makeRepository(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true })
  await git(directory, ['init', '--quiet', '--initial-branch=main'])
  return commitFile(directory, { path: 'README.md', content: '# Sample\n' })
}

/** Commits one file on the branch that is checked out; with `branch`, on a new branch from here. */
export async function commitFile(directory: string, file: { path: string; content: string; branch?: string }): Promise<string> {
  if (file.branch) await git(directory, ['checkout', '--quiet', '-b', file.branch])
  await writeFile(path.join(directory, file.path), file.content)
  await git(directory, ['add', file.path])
  await git(directory, [...identity, 'commit', '--quiet', '-m', `Change ${file.path}`])
  return git(directory, ['rev-parse', 'HEAD'])
}
