// A repository, a prepared mirror, a seeded work tree, and an airlock over them, for tests.

import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { RepositoryRef } from '@slipway/core/events'
import type { Airlock, Sandbox } from '@slipway/core/ports'
import { openRepositories } from '@slipway/git/open-repositories'
import { prepareMirror } from '@slipway/git/prepare-mirror'
import { scratchFolder, scratchRepository } from '@slipway/git/testing/scratch-repository'
import type { Scratch } from '@slipway/git/testing/scratch-repository'
import { openAirlock } from '../open-airlock.ts'
import type { AirlockOptions } from '../open-airlock.ts'
import { seedWorkspace } from '../seed-workspace.ts'
import { processSandbox, processSandboxes } from './process-sandbox.ts'
import type { ProcessSandboxes } from './process-sandbox.ts'

export interface AirlockFixture {
  folder: string
  home: string
  source: Scratch
  repository: RepositoryRef
  baseOid: string
  sandboxes: ProcessSandboxes
  sandbox: Sandbox
  /** Work tree of the agent's sandbox. */
  tree: string
  airlock: Airlock
  /** Writes files into the work tree, as the agent does. */
  write(files: Record<string, string | Uint8Array>): void
  /** Runs git in the work tree, as the agent does. */
  agentGit(args: string[], input?: string | Uint8Array): string
  offer(changes?: Partial<Parameters<Airlock['offer']>[0]>): ReturnType<Airlock['offer']>
  /** Offers and returns the object id; throws when it is refused. */
  offered(files: Record<string, string | Uint8Array>): Promise<string>
  remove(): void
}

export async function airlockFixture(files: Record<string, string>, options: Partial<AirlockOptions> = {}): Promise<AirlockFixture> {
  const scratch = scratchFolder()
  const home = join(scratch.path, 'home')
  const source = scratchRepository(join(scratch.path, 'source'))
  const baseOid = source.commit(files, 'Base')
  const repository: RepositoryRef = { url: source.path, forge: 'local', slug: null, base: null }
  const prepared = await prepareMirror({ home, url: source.path, base: null, credential: null })
  if (!prepared.ok) throw new Error(prepared.message)
  const sandboxes = processSandboxes(join(scratch.path, 'sandboxes'))
  const tree = join(scratch.path, 'tree')
  const sandbox = processSandbox(tree)
  const bundle = openRepositories({ home }).bundle({ repository, sessionId: 's1', baseOid, workOid: null })
  await seedWorkspace({ sandbox, bundle, baseBranch: 'main', branch: 'slipway/s1-task', baseOid, workOid: null })
  let next = 0
  const airlock = openAirlock({
    home,
    sandboxes,
    ids: { next: () => `id${++next}` },
    runSetup: async () => ({ ok: true, steps: [] }),
    findChecks: async () => [],
    ...options,
  })
  const offer: AirlockFixture['offer'] = (changes) =>
    airlock.offer({
      repository,
      sessionId: 's1',
      sandbox,
      baseOid,
      parentOid: baseOid,
      message: 'Do the task',
      signal: new AbortController().signal,
      ...changes,
    })
  const write: AirlockFixture['write'] = (entries) => {
    for (const [path, content] of Object.entries(entries)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true })
      writeFileSync(join(tree, path), content)
    }
  }
  return {
    folder: scratch.path,
    home,
    source,
    repository,
    baseOid,
    sandboxes,
    sandbox,
    tree,
    airlock,
    write,
    offer,
    agentGit: (args, input = '') =>
      execFileSync('git', args, {
        cwd: tree,
        input,
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { PATH: process.env['PATH'], HOME: '/dev/null', GIT_CONFIG_GLOBAL: '/dev/null' },
      })
        .toString('utf8')
        .trim(),
    async offered(entries) {
      write(entries)
      const result = await offer()
      if (!result.ok) throw new Error(result.message)
      return result.commit.oid
    },
    remove: scratch.remove,
  }
}
