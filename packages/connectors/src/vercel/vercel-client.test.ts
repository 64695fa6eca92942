import { makeSecret, type Secret } from '@slipway/core/secret'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startVercelDouble, type VercelDouble } from '../../../../e2e/doubles/vercel/start-vercel-double.ts'
import type { TokenHolder } from '../hosted/with-token.ts'
import { createVercelClient, type VercelClient } from './vercel-client.ts'
import type { VercelResult } from './vercel-failure.ts'
import type { VercelProject } from './vercel-shapes.ts'

const token = ['vercel', 'token', 'of', 'ada'].join('-')
const signal = new AbortController().signal
let vercel: VercelDouble
let client: VercelClient
beforeEach(async () => {
  vercel = await startVercelDouble()
  vercel.addUser(token, 'ada')
  client = clientFor({ token: async () => ({ ok: true, token: makeSecret(token) }) })
})
afterEach(() => vercel.close())

function clientFor(holder: TokenHolder): VercelClient {
  return createVercelClient({ apiUrl: vercel.url, holder, teamId: null, requestTimeoutMs: 500, nowMs: () => Date.now() })
}

const link = { type: 'github' as const, slug: 'acme/widgets', repositoryId: '77', productionBranch: 'main' }
const sha = 'a'.repeat(40)

async function must<Value>(result: Promise<VercelResult<Value>>): Promise<Value> {
  const answered = await result
  if (!answered.ok) throw new Error(answered.message)
  return answered.value
}

async function projectWith(given: Partial<typeof link> = {}): Promise<VercelProject> {
  vercel.addProject({ name: 'widgets', tokens: [token], link: { ...link, ...given } })
  return must(client.getProject('widgets', signal))
}

const preview = (project: VercelProject, repositoryId = '77') =>
  client.createPreview(
    { project, source: { type: 'github', repositoryId, branch: 'slipway/s1', sha }, meta: { slipwaySession: 's1' } },
    signal,
  )

test('a preview of a commit is made, followed to its end, and found again by its commit', async () => {
  const project = await projectWith()
  expect(project.link).toEqual({ type: 'github', slug: 'acme/widgets', repositoryId: '77', productionBranch: 'main' })
  const made = await must(preview(project))
  expect(made).toMatchObject({ state: 'QUEUED', isProduction: false, sha, branch: 'slipway/s1', meta: { slipwaySession: 's1' } })
  vercel.progress(made.id, 'BUILDING', { log: ['installing', 'building'] })
  expect(await must(client.readLog({ id: made.id, limit: 1 }, signal))).toEqual([
    { at: expect.any(Number), text: 'building', isError: false },
  ])
  vercel.progress(made.id, 'READY')
  const found = await must(client.listDeployments({ projectId: project.id, sha }, signal))
  expect(found.map(({ id, state, url }) => [id, state, url?.startsWith('https://')])).toEqual([[made.id, 'READY', true]])
})

test('production is a promotion away, and an earlier deployment a rollback', async () => {
  const project = await projectWith()
  const first = vercel.deploy({ project: 'widgets', sha: 'b'.repeat(40), branch: 'main', target: 'production' })
  vercel.progress(first.id, 'READY')
  const made = await must(preview(project))
  expect(await client.promote({ projectId: project.id, deploymentId: made.id }, signal)).toMatchObject({ ok: false, problem: 'refused' })
  vercel.progress(made.id, 'READY')
  await must(client.promote({ projectId: project.id, deploymentId: made.id }, signal))
  expect((await must(client.getProject(project.id, signal))).productionId).toBe(made.id)
  const candidates = await must(client.listDeployments({ projectId: project.id, rollbackCandidates: true }, signal))
  expect(candidates.map(({ id }) => id)).toEqual([first.id])
  await must(client.rollBack({ projectId: project.id, deploymentId: first.id, reason: 'it was slow' }, signal))
  expect(vercel.production('widgets')).toBe(first.id)
})

test('a build that fails says why, and one that runs can be cancelled', async () => {
  const project = await projectWith()
  const failing = await must(preview(project))
  vercel.progress(failing.id, 'ERROR', { problem: 'Command "npm run build" exited with 1' })
  expect(await must(client.getDeployment(failing.id, signal))).toMatchObject({
    state: 'ERROR',
    problem: 'Command "npm run build" exited with 1',
  })
  const running = await must(preview(project))
  expect((await must(client.cancel(running.id, signal))).state).toBe('CANCELED')
  expect(await client.cancel(running.id, signal)).toMatchObject({ ok: false, problem: 'refused' })
})

test('projects come over all pages, and those of others not at all', async () => {
  vercel.addUser('other', 'grace')
  for (let index = 0; index < 60; index++) vercel.addProject({ name: `p${index}`, tokens: [index % 2 === 0 ? token : 'other'] })
  vercel.addProject({ name: 'linked', tokens: [token], link })
  const names: string[] = []
  for (let cursor: string | null = null; ; ) {
    const page: { projects: VercelProject[]; next: string | null } = await must(client.listProjects({ cursor }, signal))
    names.push(...page.projects.map(({ name }) => name))
    if (page.next === null) break
    cursor = page.next
  }
  expect([names.length, new Set(names).size]).toEqual([31, 31])
  const linked = await must(client.listProjects({ repositoryUrl: 'https://github.com/acme/widgets', cursor: null }, signal))
  expect(linked.projects.map(({ name }) => name)).toEqual(['linked'])
  expect(await client.getProject('p1', signal)).toMatchObject({ ok: false, problem: 'not-found' })
})

test('a GitLab project is known by its own number', async () => {
  vercel.addProject({
    name: 'lab',
    tokens: [token],
    link: { type: 'gitlab', slug: 'group/sub/widgets', repositoryId: '9', productionBranch: 'main' },
  })
  const project = await must(client.getProject('lab', signal))
  expect(project.link).toMatchObject({ type: 'gitlab', slug: 'group/sub/widgets', repositoryId: '9' })
  const source = { type: 'gitlab' as const, repositoryId: '9', branch: 'slipway/s1', sha }
  expect(await must(client.createPreview({ project, source, meta: {} }, signal))).toMatchObject({ sha, branch: 'slipway/s1' })
})

test('a preview of another repository than the project’s is refused', async () => {
  expect(await preview(await projectWith(), '78')).toMatchObject({ ok: false, problem: 'refused' })
  expect(vercel.deployments()).toEqual([])
})

test('a lost answer is told apart from one that never was, and nothing is written twice', async () => {
  const project = await projectWith()
  vercel.fault({ method: 'POST', path: /deployments/, kind: 'lost-answer' })
  expect(await preview(project)).toMatchObject({ ok: false, problem: 'network', isAnswerLost: true })
  expect(vercel.deployments()).toHaveLength(1)
  vercel.fault({ method: 'POST', path: /deployments/, kind: 'cut' })
  expect(await preview(project)).toMatchObject({ ok: false, isAnswerLost: true })
  vercel.fault({ method: 'POST', path: /deployments/, kind: 'silence' })
  expect(await preview(project)).toMatchObject({ ok: false, problem: 'network', message: expect.stringContaining('in time') })
  expect(vercel.deployments()).toHaveLength(2)
})

test.each([
  [
    { status: 429, headers: { 'retry-after': '30' } },
    { problem: 'rate-limit', retryAfterMs: 30_000 },
  ],
  [{ status: 402 }, { problem: 'payment' }],
  [{ status: 403 }, { problem: 'forbidden' }],
  [{ status: 409 }, { problem: 'conflict' }],
  [{ status: 500 }, { problem: 'network', isAnswerLost: true }],
  [
    { status: 302, headers: { location: 'https://elsewhere.example' } },
    { problem: 'refused', message: expect.stringContaining('VERCEL_API_URL') },
  ],
])('an answer of %o is %o', async (given, expected) => {
  vercel.fault({ method: 'GET', path: /user/, kind: 'status', ...given })
  expect(await client.self(signal)).toMatchObject({ ok: false, ...expected })
})

test('a refused token is renewed once, and one that cannot be renewed says where to connect again', async () => {
  vercel.addUser('fresh', 'ada')
  const asked: (Secret | undefined)[] = []
  const renewing = clientFor({
    async token(input) {
      asked.push(input?.refused)
      return { ok: true, token: makeSecret(input?.refused ? 'fresh' : 'stale') }
    },
  })
  expect(await must(renewing.self(signal))).toMatchObject({ name: 'ada' })
  expect(asked.map((one) => one?.reveal())).toEqual([undefined, 'stale'])
  vercel.revoke(token)
  const final = await client.self(signal)
  expect(final).toMatchObject({ ok: false, problem: 'auth', message: expect.stringContaining('Settings → Connections') })
  expect(JSON.stringify(final)).not.toContain(token)
})
