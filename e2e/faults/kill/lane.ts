// One installation for many sessions, one after the other: a home with its database, a model's provider, a GitHub, and
// repositories to work on. The harness looks and answers through the same calls as the API.

import { cp, chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asLocal } from '@slipway/server/auth/ports-for'
import { createSession } from '@slipway/server/intake/create-session'
import { openStoreFor } from '@slipway/server/open-store-for'
import { makeClockSettable } from '@slipway/store/testing/settable-clock'
import { openRuntime, type Runtime } from '@slipway/server/runtime'
import { openMachineSandboxes } from '@slipway/server/runtime/open-machine-sandboxes'
import { readSettings } from '@slipway/server/settings'
import { gitOutput } from '../../doubles/github/git-command.ts'
import { startGithubDouble, type GithubDouble } from '../../doubles/github/start-github-double.ts'
import { environmentFor } from '../../doubles/models/environment.ts'
import { startModelDouble } from '../../doubles/models/server.ts'
import { openAccount, type Account } from './account.ts'
import { localTarget, githubTarget, type Target } from './target.ts'
import { check, makeStoryRepository, type StoryName, taskOf, tellStory } from './story.ts'
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts'

export type ForgeKind = 'local' | 'github'

export interface Lane {
  runtime: Runtime
  github: GithubDouble
  /** An account of its own at the model's provider and at GitHub, for a worker whose calls are to be told apart. */
  account: Account
  /** Everything of the lane lies below it. */
  folder: string
  /** A worker process that is up and waits for its begin; another one is started for the next caller. */
  takeWorker(onChange: () => void): WorkerProcess
  /** A worker process from nothing, as after a crash. `variables` are for it alone. */
  startWorker(onChange: () => void, variables?: Record<string, string>): WorkerProcess
  /** Workers that wait for their begin. */
  waiting(): Set<number>
  create(input: { name: string; story: StoryName; forge: ForgeKind }): Promise<{ sessionId: string; target: Target }>
  /** What every process does that starts to use sandboxes: takes away what dead ones left. */
  openAndCloseSandboxes(): Promise<void>
  close(): Promise<void>
}

const token = 'github-double-token-for-kills-0001'
const secondToken = { token: 'github-double-token-for-kills-0002', login: 'slipway-bot', contents: 'write', pullRequests: 'write' } as const

/** Opens the database and the doubles. `variables` are for all its processes. `hasSettableClock`: the database's can be set. */
export async function openLane(given: { variables?: Record<string, string>; hasSettableClock?: boolean } = {}): Promise<Lane> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-kill-'))
  // A sandbox user must be able to pass through when the tests run as root.
  await chmod(folder, 0o711)
  const template = join(folder, 'template')
  await makeStoryRepository(template)
  const brain = tellStory()
  const model = await startModelDouble({ api: 'anthropic', brain })
  const github = await startGithubDouble({ repositories: [], token, limitedTokens: [secondToken] })
  const account = await openAccount({ brain, github, token: secondToken.token })
  const { variables, model: modelName } = environmentFor('anthropic', model)
  const environment: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    SLIPWAY_HOME: join(folder, 'home'),
    SLIPWAY_SANDBOX_STATE: join(folder, 'sandboxes'),
    SLIPWAY_SANDBOX: 'bubblewrap',
    SLIPWAY_LOG_LEVEL: 'warn',
    NODE_COMPILE_CACHE: join(folder, 'compiled'),
    SLIPWAY_DAILY_BUDGET_USD: '1000000',
    SLIPWAY_MODEL: modelName,
    GITHUB_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_TOKEN: token,
    ...variables,
    ...given.variables,
  }
  const read = readSettings(environment)
  if (!read.ok) throw new Error(read.problems.join('\n'))
  const { settings } = read
  if (given.hasSettableClock === true) {
    const store = await openStoreFor(settings)
    await makeClockSettable(store.database.pool)
    await store.close()
  }
  const runtime = await openRuntime(settings, { environment })

  const onChanges = new Map<WorkerProcess, () => void>()
  const prepare = (): WorkerProcess => {
    const worker = startWorkerProcess(environment, () => onChanges.get(worker)?.())
    return worker
  }
  // Begun with the first that is taken: not everybody takes any.
  let next: WorkerProcess | null = null

  return {
    runtime,
    github,
    account,
    folder,
    takeWorker(onChange) {
      const worker = next ?? prepare()
      onChanges.set(worker, onChange)
      next = prepare()
      return worker
    },
    startWorker: (onChange, variables = {}) => startWorkerProcess({ ...environment, ...variables }, onChange),
    waiting: () => new Set(next === null ? [] : [next.pid]),
    async create({ name, story, forge }) {
      const target = forge === 'local' ? await copyHere(name) : await copyToGithub(name)
      const { sessionId } = await createSession(
        { ...asLocal(runtime.ports), settings: runtime.settings },
        {
          request: { task: taskOf(story, name), title: `Session ${name}`, repository: target.url, checks: [check], autonomy: 'plan' },
          source: 'api',
          folder: null,
          idempotencyKey: null,
          wake: 'now',
        },
      )
      return { sessionId, target }
    },
    async openAndCloseSandboxes() {
      const sandboxes = await openMachineSandboxes({ settings, environment, clock: runtime.ports.clock, keepsSpare: false })
      await sandboxes.close()
    },
    async close() {
      next?.kill()
      await next?.exited
      await runtime.close()
      await model.close()
      await account.close()
      await github.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 10 })
    },
  }

  async function copyHere(name: string): Promise<Target> {
    const path = join(folder, 'repositories', name)
    await cp(template, path, { recursive: true })
    return localTarget(path)
  }

  async function copyToGithub(name: string): Promise<Target> {
    const slug = `acme/${name}`
    await github.addRepository({ slug, from: template })
    const gitDir = github.repositoryPath(slug)
    await gitOutput(gitDir, ['config', 'core.logAllRefUpdates', 'always'])
    return githubTarget({ url: `${github.url}/${slug}`, gitDir, pulls: () => github.pulls(slug).length })
  }
}
