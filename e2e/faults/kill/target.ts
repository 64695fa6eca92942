// Where a session publishes, and what it did there: every change of a branch is in the repository's own reference log.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listChangeRequests } from '@slipway/connectors/local/change-requests'
import { gitOutput } from '../../doubles/github/git-command.ts'

export interface Published {
  /** One line per change of a branch of Slipway's, as `branch: old → new`. */
  pushes: string[]
  changeRequests: number
  /** Tree of each branch of Slipway's, and commits beyond the base. */
  branches: { tree: string; commits: number }[]
}

export interface Target {
  /** What the session is given as its repository. */
  url: string
  look(): Promise<Published>
}

export function localTarget(path: string): Target {
  const changeRequests = async (): Promise<number> => {
    const listed = await listChangeRequests({ path })
    if (!listed.ok) throw new Error(listed.message)
    return listed.changeRequests.length
  }
  return { url: path, look: () => look(join(path, '.git'), changeRequests) }
}

export function githubTarget({ url, gitDir, pulls }: { url: string; gitDir: string; pulls(): number }): Target {
  return { url, look: () => look(gitDir, async () => pulls()) }
}

async function look(gitDir: string, changeRequests: () => Promise<number>): Promise<Published> {
  const names = ((await gitOutput(gitDir, ['for-each-ref', '--format=%(refname)', 'refs/heads/slipway'])) ?? '').split('\n').filter(Boolean)
  const branches = names.map(async (name) => ({
    tree: (await gitOutput(gitDir, ['rev-parse', `${name}^{tree}`])) ?? '',
    commits: Number(await gitOutput(gitDir, ['rev-list', '--count', `main..${name}`])),
  }))
  return {
    pushes: await readPushes(join(gitDir, 'logs/refs/heads/slipway')),
    changeRequests: await changeRequests(),
    branches: await Promise.all(branches),
  }
}

async function readPushes(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  const logs = names.map(async (name) => {
    const text = await readFile(join(folder, name), 'utf8')
    return text
      .trimEnd()
      .split('\n')
      .map((line) => `${name}: ${line.slice(0, 81)}`)
  })
  return (await Promise.all(logs)).flat()
}
