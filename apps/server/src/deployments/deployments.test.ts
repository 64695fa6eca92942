import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { EventOf } from '@slipway/core/events'
import { createDeliveries } from '@slipway/store/deliveries'
import { createDeployments } from '@slipway/store/deployments'
import { startVercelDouble, type VercelDouble } from '../../../../e2e/doubles/vercel/start-vercel-double.ts'
import { openAccountParts } from '../connections/open-account-parts.ts'
import { openTestApi, type TestApi } from '../testing/test-api.ts'
import { openBrowser } from '../testing/test-browser.ts'
import { type DeliveryParts, processDeliveries } from '../webhooks/process-deliveries.ts'
import { followOnce, type FollowNeeds } from './follow-deployments.ts'

const token = ['vercel', 'of', 'ada'].join('-')
const oid = 'a'.repeat(40)
const branch = 'slipway/s1-fix'

let vercel: VercelDouble
let api: TestApi
let aheadMs = 0
/** Of this test's own repository and project. */
let name = ''
let count = 0
beforeAll(async () => {
  vercel = await startVercelDouble()
  api = await openTestApi({ environment: { VERCEL_API_URL: vercel.url, VERCEL_TOKEN: token } })
})
beforeEach(async () => {
  aheadMs = 0
  name = `widgets-${++count}`
  vercel.addUser(token)
  vercel.requests.length = 0
  await api.db.store.database.pool.query(`update events set at = at - interval '2 days'`)
  await api.db.store.database.pool.query('delete from deployments')
})
afterAll(async () => {
  await api.close()
  await vercel.close()
})

/** One round of whatever is due, and everything is. */
async function follow(): Promise<void> {
  const { db, settings } = api
  const logger = pino({ level: 'silent' })
  const { accounts } = openAccountParts({ settings, database: db.store.database, clock: db.ports.clock, logger, learn: () => undefined })
  const clock = { ...db.ports.clock, now: () => Date.now() + aheadMs }
  await db.store.database.pool.query('update deployments set due_at = clock_timestamp()')
  const needs = { store: db.store, ports: { ...db.ports, clock }, accounts, settings, logger }
  await followOnce(needs as unknown as FollowNeeds, new AbortController().signal)
}

async function pushed(): Promise<string> {
  const slug = `acme/${name}`
  const sessionId = await api.db.create({ repository: { url: `https://github.com/${slug}`, forge: 'github', slug, base: null } })
  await api.db.append(sessionId, [{ type: 'branch-pushed', branch, oid, alreadyThere: false }])
  return sessionId
}

async function told(sessionId: string): Promise<EventOf<'deployment-updated'>[]> {
  const events = await api.db.store.log.read({ sessionId, after: 0 })
  return events.flatMap(({ body }) => (body.type === 'deployment-updated' ? [body] : []))
}

const orders = () => vercel.requests.filter(({ method, path }) => method === 'POST' && path === '/v13/deployments').length
const project = () =>
  vercel.addProject({ name, tokens: [token], link: { type: 'github', slug: `acme/${name}`, repositoryId: '77', productionBranch: 'main' } })
const view = (sessionId: string) => api.call('GET', `/api/v1/sessions/${sessionId}/deployments`)

test('what Vercel deploys by itself is followed to its end, each state told once', async () => {
  project()
  const sessionId = await pushed()
  await follow()
  expect(await told(sessionId)).toEqual([])
  const { id } = vercel.deploy({ project: name, sha: oid, branch })
  await follow()
  vercel.progress(id, 'BUILDING')
  await follow()
  await follow()
  vercel.progress(id, 'READY')
  await follow()
  expect((await told(sessionId)).map(({ state, target, deploymentId }) => [state, target, deploymentId])).toEqual(
    ['QUEUED', 'BUILDING', 'READY'].map((state) => [state, 'preview', id]),
  )
  expect([(await told(sessionId)).at(-1)?.url, orders()]).toEqual([expect.stringMatching(/^https:\/\/widgets-/), 0])
  await api.db.store.database.pool.query(`update deployments set state = 'BUILDING', ended_at = null`)
  await follow()
  expect(await told(sessionId)).toHaveLength(3)
})

test('a project is found for a GitLab of one’s own below a path of its server', async () => {
  const slug = `acme/${name}`
  vercel.addProject({ name, tokens: [token], link: { type: 'gitlab', slug, repositoryId: '7', productionBranch: 'main' } })
  const repository = { url: `https://git.example.org/gitlab/${slug}`, forge: 'gitlab' as const, slug, base: null }
  const sessionId = await api.db.create({ repository })
  await api.db.append(sessionId, [{ type: 'branch-pushed', branch, oid, alreadyThere: false }])
  vercel.progress(vercel.deploy({ project: name, sha: oid, branch }).id, 'READY')
  await follow()
  expect((await told(sessionId)).map(({ state }) => state)).toEqual(['READY'])
})

test('what nobody deploys is asked for, once, whether or not the answer arrives', async () => {
  const { id } = project()
  const sessionId = await pushed()
  vercel.fault({ method: 'POST', path: /deployments/, kind: 'lost-answer' })
  for (const ahead of [0, 16_000, 20_000, 30_000]) {
    aheadMs = ahead
    await follow()
  }
  expect([
    vercel
      .deployments()
      .filter(({ projectId }) => projectId === id)
      .map(({ sha }) => sha),
    orders(),
  ]).toEqual([[oid], 1])
  expect((await told(sessionId)).map(({ state }) => state)).toEqual(['QUEUED'])
})

test('whoever takes over from one that died while it asked asks for no second one', async () => {
  project()
  await pushed()
  await follow()
  await api.db.store.database.pool.query('update deployments set ordered_at = clock_timestamp(), project_id = null')
  aheadMs = 16_000
  await follow()
  expect(orders()).toBe(0)
})

test('what Vercel tells of by itself is looked at before its time, by its commit and by its id', async () => {
  await pushed()
  const { store } = api.db
  const { pool } = store.database
  const deliveries = createDeliveries(pool)
  const logger = pino({ level: 'silent' })
  const runtime = { store, ports: api.db.ports, logger }
  const work = processDeliveries({ runtime, onNotionPage: null } as unknown as DeliveryParts)
  const isDue = async () => (await pool.query('select due_at <= clock_timestamp() as due from deployments')).rows[0]?.due
  async function tell(id: string, deployment: object): Promise<void> {
    await pool.query(`update deployments set due_at = clock_timestamp() + interval '1 hour'`)
    await deliveries.accept({
      provider: 'vercel',
      id,
      event: 'deployment.created',
      body: JSON.stringify({ type: 'deployment.created', payload: { deployment } }),
    })
    work.nudge()
    await expect
      .poll(async () => (await pool.query('select note from deliveries where id = $1', [id])).rows[0]?.note)
      .toMatch(/looked at|nothing/)
  }
  await createDeployments(pool).takeUpPushed()
  await tell('of another commit', { id: 'dpl_1', meta: { githubCommitSha: 'b'.repeat(40) } })
  expect(await isDue()).toBe(false)
  await tell('of the commit', { id: 'dpl_1', meta: { githubCommitSha: oid } })
  expect(await isDue()).toBe(true)
  await pool.query(`update deployments set deployment_id = 'dpl_1'`)
  await tell('of another one', { id: 'dpl_2', meta: { githubCommitSha: oid } })
  expect(await isDue()).toBe(false)
  await tell('of this one', { id: 'dpl_1' })
  expect(await isDue()).toBe(true)
  await work.close()
})

test('a build that fails is told with its reason and the end of its log', async () => {
  project()
  const sessionId = await pushed()
  const { id } = vercel.deploy({ project: name, sha: oid, branch })
  vercel.progress(id, 'ERROR', {
    problem: 'Command "npm run build" exited with 1',
    log: ['> next build', '\u001b[31mType error\u001b[0m in page.tsx'],
  })
  await follow()
  expect(await told(sessionId)).toMatchObject([
    { state: 'ERROR', message: 'Command "npm run build" exited with 1', log: '> next build\nType error in page.tsx' },
  ])
})

test('production is shown, promoted and rolled back, each with the effect that was seen', async () => {
  project()
  const first = vercel.deploy({ project: name, sha: 'b'.repeat(40), branch: 'main', target: 'production' })
  vercel.progress(first.id, 'READY')
  const sessionId = await pushed()
  const { id } = vercel.deploy({ project: name, sha: oid, branch })
  vercel.progress(id, 'READY')
  await follow()
  const { production } = (await view(sessionId)).body
  expect(production).toMatchObject({ project: name, currentId: first.id, promotable: [{ id, oid }], previous: [] })
  const { effect } = production.promotable[0]
  const at = (path: string, effectHash: string) => api.call('POST', `/api/v1/sessions/${sessionId}/deployments/${path}`, { effectHash })
  expect((await at(`${id}/promote`, 'f'.repeat(64))).status).toBe(409)
  expect((await at(`${first.id}/promote`, effect.hash)).status).toBe(404)
  expect(vercel.production(name)).toBe(first.id)
  expect((await at(`${id}/promote`, effect.hash)).status).toBe(202)
  expect(vercel.production(name)).toBe(id)
  // What was approved was about the production of before.
  expect((await at(`${id}/promote`, effect.hash)).status).toBe(404)
  await follow()
  const { previous } = (await view(sessionId)).body.production
  expect(previous).toMatchObject([{ id: first.id, oid: 'b'.repeat(40) }])
  expect((await at(`${first.id}/rollback`, previous[0].effect.hash)).status).toBe(202)
  await follow()
  expect(vercel.production(name)).toBe(first.id)
  expect(
    (await told(sessionId)).filter(({ target }) => target === 'production').map(({ state, deploymentId }) => [state, deploymentId]),
  ).toEqual([
    ['PROMOTING', id],
    ['READY', id],
    ['ROLLING BACK', first.id],
    ['READY', first.id],
  ])
  const audit = (await api.call('GET', '/api/v1/audit')).body ?? {}
  expect(JSON.stringify(audit)).toContain('deployment-rolled-back')
})

test('a promotion whose answer is lost is found out by looking, and one that is refused says why', async () => {
  project()
  const sessionId = await pushed()
  const { id } = vercel.deploy({ project: name, sha: oid, branch })
  vercel.progress(id, 'READY')
  await follow()
  const promote = async () => {
    const { effect } = (await view(sessionId)).body.production.promotable[0]
    return api.call('POST', `/api/v1/sessions/${sessionId}/deployments/${id}/promote`, { effectHash: effect.hash })
  }
  vercel.fault({ method: 'POST', path: /promote/, kind: 'status', status: 403 })
  expect((await promote()).body.error).toMatchObject({ code: 'conflict', message: expect.stringContaining('may not do that') })
  vercel.fault({ method: 'POST', path: /promote/, kind: 'lost-answer' })
  expect((await promote()).status).toBe(202)
  await follow()
  expect((await told(sessionId)).map(({ state }) => state)).toEqual(['READY', 'PROMOTING', 'ERROR', 'PROMOTING', 'READY'])
})

test('a deployment that is built can be cancelled', async () => {
  project()
  const sessionId = await pushed()
  const { id } = vercel.deploy({ project: name, sha: oid, branch })
  vercel.progress(id, 'BUILDING')
  await follow()
  expect((await api.call('POST', `/api/v1/sessions/${sessionId}/deployments/${id}/cancel`)).status).toBe(202)
  await follow()
  expect((await told(sessionId)).at(-1)?.state).toBe('CANCELED')
})

test('a token that was revoked parks nothing: the session hears what to do, and the deployment is found once it is connected again', async () => {
  project()
  const sessionId = await pushed()
  vercel.revoke(token)
  await follow()
  expect((await told(sessionId)).at(-1)).toMatchObject({ state: 'WAITING', message: expect.stringContaining('Settings → Connections') })
  vercel.addUser(token)
  vercel.progress(vercel.deploy({ project: name, sha: oid, branch }).id, 'READY')
  await follow()
  expect((await told(sessionId)).at(-1)).toMatchObject({ state: 'READY', message: null })
})

test('without a project for the repository, and for others, there is nothing', async () => {
  const sessionId = await pushed()
  await follow()
  expect([(await view(sessionId)).body.production, await told(sessionId)]).toEqual([null, []])
  const stranger = openBrowser(api.url)
  const { body } = await stranger.send('POST', '/api/auth/sign-in/magic-link', { email: 'first@example.org' })
  await stranger.visit(body.shownLink)
  const other = openBrowser(api.url)
  const asked = await other.send('POST', '/api/auth/sign-in/magic-link', { email: 'second@example.org' })
  await other.visit(asked.body.shownLink)
  expect((await other.send('GET', `/api/v1/sessions/${sessionId}/deployments`)).status).toBe(404)
})

test('the address of a preview is said on the change request once it is there, and once', async () => {
  project()
  const sessionId = await pushed()
  vercel.progress(vercel.deploy({ project: name, sha: oid, branch }).id, 'READY')
  const { pool } = api.db.store.database
  const said = async () =>
    (await pool.query<{ payload: { text: string; number: number } }>('select payload from outbox where session_id = $1', [sessionId])).rows
  await follow()
  expect(await said()).toEqual([])
  await api.db.append(sessionId, [
    {
      type: 'change-request-opened',
      number: 7,
      url: `https://github.com/acme/${name}/pull/7`,
      branch,
      base: 'main',
      draft: false,
      alreadyThere: false,
    },
  ])
  await follow()
  await pool.query('update deployments set ended_at = null')
  await follow()
  expect((await said()).map(({ payload }) => [payload.number, payload.text])).toEqual([
    [7, expect.stringMatching(/^A preview of aaaaaaaaaa is ready: https:/)],
  ])
})
