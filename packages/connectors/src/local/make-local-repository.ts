// A new bare repository on this disk with a first commit, there as a whole or not at all.

import { access, mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ForgeFailure } from '@slipway/core/ports'
import { ensureBareRepository } from '@slipway/git/bare-repository'
import { failure } from '@slipway/git/classify-git-failure'
import { git, runGit } from '@slipway/git/run-git'
import { syncPath, syncReference } from '@slipway/git/sync-reference'

export interface NewLocalRepository {
  gitDir: string
  /** Says for what it was made: by it a repeated call finds its own. */
  mark: string
  readme: string
  at: Date
}

const author = { name: 'Slipway', email: 'slipway@localhost' }
const markSetting = 'slipway.madefor'

/** A repository with this mark counts as made; another one at the same place is left alone and refused. */
export async function makeLocalRepository(input: NewLocalRepository): Promise<{ ok: true; alreadyThere: boolean } | ForgeFailure> {
  const { gitDir, mark } = input
  const before = await markOf(gitDir)
  if (before !== null) return before === mark ? { ok: true, alreadyThere: true } : taken(gitDir)
  const draft = join(dirname(gitDir), `.new-${mark.replace(/[^\w-]/g, '-')}`)
  await mkdir(dirname(gitDir), { recursive: true })
  await rm(draft, { recursive: true, force: true })
  await ensureBareRepository(draft, { objectFormat: 'sha1', borrowFrom: [] })
  await commitReadme(draft, input)
  await git({ args: ['config', markSetting, mark], gitDir: draft })
  await syncPath(join(draft, 'config'))
  await syncReference(draft, 'refs/heads/main')
  try {
    await rename(draft, gitDir)
    await syncPath(dirname(gitDir))
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if ((await markOf(gitDir)) === mark) return { ok: true, alreadyThere: true }
    if (isThereAlready(error)) return taken(gitDir)
    throw error
  }
  return { ok: true, alreadyThere: false }
}

/** null: nothing is there. */
async function markOf(gitDir: string): Promise<string | null> {
  const isThere = await access(gitDir).then(
    () => true,
    () => false,
  )
  if (!isThere) return null
  const found = await runGit({ args: ['config', '--get', markSetting], gitDir }).catch(() => null)
  return found?.exitCode === 0 ? found.stdout.toString('utf8').trim() : ''
}

async function commitReadme(gitDir: string, { readme, at }: NewLocalRepository): Promise<void> {
  const line = async (run: Parameters<typeof git>[0]) => (await git(run)).toString('utf8').trim()
  const blob = await line({ args: ['hash-object', '-w', '--stdin'], gitDir, stdin: readme })
  const tree = await line({ args: ['mktree', '-z'], gitDir, stdin: `100644 blob ${blob}\tREADME.md\0` })
  const date = `${Math.floor(at.getTime() / 1_000)} +0000`
  const environment = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    GIT_COMMITTER_DATE: date,
  }
  const commit = await line({ args: ['commit-tree', tree, '-m', 'Begin'], gitDir, environment })
  await git({ args: ['update-ref', 'refs/heads/main', commit], gitDir })
  await git({ args: ['symbolic-ref', 'HEAD', 'refs/heads/main'], gitDir })
}

function isThereAlready(error: unknown): boolean {
  return ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes((error as { code?: string }).code ?? '')
}

function taken(gitDir: string): ForgeFailure {
  return failure(
    'refused',
    `There is a folder ${gitDir} already, and it was not made for this plan. Choose another name, or use it as the plan’s repository.`,
  )
}
