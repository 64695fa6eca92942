// Repositories that are made for plans, and which branch a task begins on; and what plans cost.

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGithubDouble, type GithubDouble } from '../../../../e2e/doubles/github/start-github-double.ts'
import { commitFile } from '../../../../e2e/doubles/github/make-repository.ts'
import { startVercelDouble, type VercelDouble } from '../../../../e2e/doubles/vercel/start-vercel-double.ts'
import type { Plan } from '../contract/plan-routes.ts'
import { openBrowser } from '../testing/test-browser.ts'
import { cannotDeploy } from './project-link.ts'
import { openTestPlans, says, task, type TestPlans } from '../testing/test-plans.ts'

const token = 'token-of-plans-0001'
const vercelToken = ['vercel', 'of', 'plans'].join('-')
let plans: TestPlans
let github: GithubDouble
let vercel: VercelDouble
beforeAll(async () => {
  github = await startGithubDouble({ repositories: [{ slug: 'slipway-bot/taken', from: null }], token })
  vercel = await startVercelDouble()
  vercel.addUser(vercelToken)
  plans = await openTestPlans({
    GITHUB_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_TOKEN: token,
    VERCEL_API_URL: vercel.url,
    VERCEL_TOKEN: vercelToken,
    SLIPWAY_SIGN_UP: 'open',
  })
  plans.keep()
})
afterAll(async () => {
  await plans.close()
  await Promise.all([github.close(), vercel.close()])
})

const creations = () => github.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/repos')).length

async function planned(tasks: unknown[], repository: Record<string, unknown>): Promise<Plan> {
  const model = await plans.script([says.requirements, says.tasks(tasks)])
  const { id } = await plans.create({ idea: 'Build me a clock.', model, ...repository })
  const read = await plans.until(id, ({ state }) => state === 'read')
  await plans.send('POST', `/${id}/ask`, { version: read.version, for: 'tasks' })
  return plans.until(id, ({ state }) => state === 'planned')
}

const make = (plan: Plan, effectHash = plan.newRepository?.effect.hash) =>
  plans.send('POST', `/${plan.id}/repository`, { version: plan.version, effectHash })

test('a repository is made once, for exactly what was shown, and then the tasks start in it', async () => {
  const wanted = { forge: 'github', namespace: null, name: 'clock', isPrivate: true }
  const plan = await planned([task('t1')], { newRepository: wanted })
  expect(plan.newRepository).toMatchObject({ ...wanted, state: 'proposed', effect: { kind: 'create-repository' } })
  const approved = (await plans.send('POST', `/${plan.id}/approve`, { version: plan.version })).body as Plan
  await plans.until(plan.id, ({ tasks }) => tasks?.[0]?.waitsFor === 'The repository has to be made first.')

  expect((await make(approved, '0'.repeat(64))).status).toBe(409)
  const shown = approved.newRepository?.effect.hash
  const public_ = await plans.send('PATCH', `/${plan.id}`, { version: approved.version, newRepository: { ...wanted, isPrivate: false } })
  // What was shown before is not what would be made now.
  expect((await make(public_.body, shown)).status).toBe(409)
  const back = await plans.send('PATCH', `/${plan.id}`, { version: public_.body.version, newRepository: wanted })
  expect(creations()).toBe(0)
  const answers = await Promise.all([make(back.body), make(back.body)])
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 409])
  const started = await plans.until(plan.id, ({ tasks }) => tasks?.[0]?.sessionId != null)
  expect(started).toMatchObject({ newRepository: null, request: { repository: `${github.url}/slipway-bot/clock` } })
  expect(creations()).toBe(1)

  const another = await plans.send('PATCH', `/${plan.id}`, { version: started.version, newRepository: { ...wanted, name: 'watch' } })
  expect([another.status, another.body.newRepository?.state]).toEqual([200, 'proposed'])
})

test('a name that is taken is said and left alone, and another one is made after another yes', async () => {
  const wanted = { forge: 'github', namespace: null, name: 'taken', isPrivate: true }
  const plan = await planned([task('t1')], { newRepository: wanted })
  await make(plan)
  const failed = await plans.until(plan.id, ({ newRepository }) => newRepository?.state === 'failed')
  expect(failed.newRepository?.problem).toContain('was not made for this plan')
  const other = await plans.send('PATCH', `/${plan.id}`, { version: failed.version, newRepository: { ...wanted, name: 'free' } })
  await make(other.body)
  await plans.until(plan.id, ({ request }) => request.repository === `${github.url}/slipway-bot/free`)
})

const orders = () => vercel.requests.filter(({ method }) => method === 'POST').length
const deployed = (id: string, state: NonNullable<Plan['deployment']>['state'], said = '') =>
  plans.until(id, ({ deployment }) => deployment?.state === state && (deployment.problem ?? '').includes(said))
async function proposed(newRepository: Record<string, unknown>): Promise<Plan> {
  const { id } = await plans.create({ idea: 'Build me a clock.', model: await plans.script([says.requirements]), newRepository })
  return plans.until(id, ({ state }) => state === 'read')
}
const pool = () => plans.api.db.store.database.pool
/** What is written for the plan at Vercel: whether it is done, and how long it waits. */
const waiting = async (planId: string): Promise<{ isDone: boolean; seconds: number } | undefined> =>
  (
    await pool().query(
      `select done_at is not null as "isDone", extract(epoch from due_at - now())::int as seconds from outbox
       where kind = 'plan-project' and payload ->> 'planId' = $1 and (last_error is null) = (done_at is not null)`,
      [planId],
    )
  ).rows[0]
const again = (plan: Plan, effectHash = plan.deployment?.effect?.hash) =>
  plans.send('POST', `/${plan.id}/deployment`, { version: plan.version, effectHash })

test('a repository and the project that deploys it are approved in one, and each is made once', async () => {
  const wanted = { forge: 'github', namespace: null, name: 'sundial', isPrivate: true }
  const plan = await proposed({ ...wanted, vercelProject: 'sun-dial' })
  const shown = plan.newRepository?.effect
  expect(shown?.title).toBe('Make the private repository sundial on GitHub, and the project sun-dial at Vercel that deploys it')
  expect(shown?.details).toEqual(
    expect.arrayContaining([
      ['Vercel project', 'sun-dial'],
      ['Vercel account', 'VERCEL_TOKEN'],
    ]),
  )
  const { body: without } = await plans.send('PATCH', `/${plan.id}`, { version: plan.version, newRepository: wanted })
  // A yes to less is no yes to more, and the other way round.
  expect((await make(without, shown?.hash)).status).toBe(409)
  const newRepository = { ...wanted, vercelProject: 'sun-dial' }
  const { body: back } = await plans.send('PATCH', `/${plan.id}`, { version: without.version, newRepository })
  expect(orders()).toBe(0)
  await make(back)
  const made = await deployed(plan.id, 'linked')
  expect(made).toMatchObject({ newRepository: null, deployment: { project: 'sun-dial', problem: null, effect: null } })
  expect(vercel.projects().map(({ name, link }) => [name, link?.type, link?.slug])).toEqual([['sun-dial', 'github', 'slipway-bot/sundial']])

  // As a process leaves it that dies when Vercel has made the project and before that is kept.
  await expect.poll(async () => (await waiting(plan.id))?.isDone).toBe(true)
  await pool().query(`update plans set new_repository = (new_repository::jsonb || '{"isLinked": false}')::json where id = $1`, [plan.id])
  await pool().query(`update outbox set done_at = null, due_at = now() where kind = 'plan-project' and payload ->> 'planId' = $1`, [
    plan.id,
  ])
  await deployed(plan.id, 'linked')
  expect([orders(), vercel.projects().length]).toEqual([1, 1])

  const { version } = await plans.show(plan.id)
  const elsewhere = await plans.send('PATCH', `/${plan.id}`, { version, request: { repository: plans.repository }, newRepository: null })
  expect([elsewhere.status, elsewhere.body.deployment]).toEqual([200, null])
})

test('a project that cannot be made keeps nobody waiting, and is made when somebody has seen to it', async () => {
  vercel.setApp('slipway-bot', 'missing')
  const before = orders()
  const newRepository = { forge: 'github', namespace: null, name: 'hourglass', isPrivate: true, vercelProject: 'hourglass' }
  const plan = await planned([task('t1')], { newRepository })
  const { body: approved } = await plans.send('POST', `/${plan.id}/approve`, { version: plan.version })
  await make(approved)
  await plans.until(plan.id, ({ tasks }) => tasks?.[0]?.sessionId != null)
  const failed = await deployed(plan.id, 'failed', 'https://github.com/apps/vercel')

  vercel.setApp('slipway-bot', 'installed')
  vercel.addProject({ name: 'hourglass', tokens: [vercelToken] })
  expect((await again(failed, '0'.repeat(64))).status).toBe(409)
  expect((await again(failed)).status).toBe(202)
  const taken = await deployed(plan.id, 'failed', 'Vercel has a project hourglass already')
  const renamed = (await plans.send('PATCH', `/${plan.id}`, { version: taken.version, vercelProject: 'sand-glass' })).body as Plan
  expect(renamed.deployment).toMatchObject({ project: 'sand-glass', state: 'proposed', problem: null })
  expect((await again(renamed, taken.deployment?.effect?.hash)).status).toBe(409)
  expect((await again(renamed)).status).toBe(202)
  const linked = await deployed(plan.id, 'linked')
  expect([linked.deployment?.project, orders() - before]).toEqual(['sand-glass', 2])
  expect((await again(linked, renamed.deployment?.effect?.hash)).status).toBe(409)
})

test('a project waits as long as Vercel says, and is made for no other team than was approved', async () => {
  const { id: teamId } = vercel.addTeam({ slug: 'blue', tokens: [vercelToken] })
  const newRepository = { forge: 'github', namespace: null, name: 'metronome', isPrivate: true, vercelProject: 'metronome' }
  const plan = await proposed(newRepository)
  vercel.fault({ method: 'POST', path: /projects$/, kind: 'status', status: 429, headers: { 'retry-after': '600' } })
  await make(plan)
  await deployed(plan.id, 'failed', 'It is tried again by itself.')
  await expect.poll(async () => (await waiting(plan.id))?.seconds).toBeGreaterThan(500)
  // Whoever runs the server chooses another team.
  const settings = plans.api.runtime.settings.vercel as { teamId: string | null }
  settings.teamId = teamId
  await pool().query(`update outbox set due_at = now() where payload ->> 'planId' = $1 and done_at is null`, [plan.id])
  const other = await deployed(plan.id, 'failed', 'Another account or team of Vercel')
  expect(other.deployment?.effect?.details).toContainEqual(['account', `VERCEL_TOKEN, team ${teamId}`])
  await again(other)
  await deployed(plan.id, 'linked')
  settings.teamId = null
  expect(vercel.projects().flatMap(({ name, teamId: team }) => (name === 'metronome' ? [team] : []))).toEqual([teamId])
})

test('what Vercel could not deploy is not proposed, and what is left out is not made', async () => {
  const local = { forge: 'local', namespace: null, name: 'here', isPrivate: true, vercelProject: 'here' }
  const { status, body } = await plans.api.call('POST', '/api/v1/plans', { idea: 'x', newRepository: local, model: 'openai/gpt-5-mini' })
  expect([status, body.error.message]).toEqual([400, expect.stringContaining('leave Vercel out')])
  const { github: forge, gitlab, vercel: deployer } = plans.api.runtime.settings
  const real = { ...deployer, apiUrl: 'https://api.vercel.com' }
  expect(cannotDeploy({ github: forge, gitlab, vercel: real }, 'github')).toContain('of this server are at 127.0.0.1')
  expect(cannotDeploy({ github: forge, gitlab, vercel: real }, 'gitlab')).toBe(null)

  vercel.fault({ method: 'POST', path: /projects$/, kind: 'status', status: 402 })
  const before = vercel.projects().length
  const plan = await proposed({ ...local, forge: 'github', name: 'candle', vercelProject: 'candle' })
  await make(plan)
  const { version } = await deployed(plan.id, 'failed', 'the plan of this Vercel account')
  const left = await plans.send('PATCH', `/${plan.id}`, { version, vercelProject: null })
  expect([left.body.deployment, vercel.projects().length]).toEqual([null, before])
})

test('on the server itself a repository is for whoever runs it', async () => {
  const wanted = { forge: 'local', namespace: null, name: 'here', isPrivate: true }
  const plan = await planned([task('t1')], { newRepository: wanted })
  await make(plan)
  const made = await plans.until(plan.id, ({ request }) => request.repository !== null)
  expect(made.request.repository).toBe(join(plans.api.home, 'repositories', 'here.git'))

  const sign = async (name: string) => {
    const browser = openBrowser(plans.api.url)
    const { body } = await browser.send('POST', '/api/auth/sign-in/magic-link', { email: `${name}@example.org` })
    await browser.visit(body.shownLink)
    return browser
  }
  await sign('first')
  const bob = await sign('bob')
  const named = await bob.send('POST', '/api/v1/plans', { idea: 'x', repository: plans.repository, model: 'openai/gpt-5-mini' })
  expect([named.status, named.body.error.message]).toEqual([400, expect.stringContaining('for whoever runs it')])
  const { body: his } = await bob.send('POST', '/api/v1/plans', { idea: 'x', newRepository: wanted, model: 'openai/gpt-5-mini' })
  expect((await plans.api.call('GET', `/api/v1/plans/${his.id}`)).status).toBe(404)
  const { body: stopped } = await bob.send('POST', `/api/v1/plans/${his.id}/stop`)
  const version = stopped.version
  await bob.send('POST', `/api/v1/plans/${his.id}/repository`, { version, effectHash: stopped.newRepository.effect.hash })
  let refused = stopped
  while (refused.newRepository.state !== 'failed') refused = (await bob.send('GET', `/api/v1/plans/${his.id}`)).body
  expect(refused.newRepository.problem).toContain('for whoever runs it')
})

test('a task begins on the branch of what it depends on while that is in review, and on the repository’s own afterwards', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-stack-'))
  const repository = join(folder, 'clock.git')
  await promisify(execFile)('git', ['clone', '--quiet', '--bare', plans.repository, repository])
  const work = join(folder, 'work')
  await promisify(execFile)('git', ['clone', '--quiet', repository, work])
  await commitFile(work, { path: 'one.txt', content: 'one\n', branch: 'slipway/one' })
  await promisify(execFile)('git', ['-C', work, 'push', '--quiet', 'origin', 'slipway/one'])

  const plan = await planned([task('t1'), task('t2', ['t1']), task('t3', ['t2'])], { repository })
  await plans.send('POST', `/${plan.id}/approve`, { version: plan.version })
  const first = (await plans.until(plan.id, ({ tasks }) => tasks?.[0]?.sessionId != null)).tasks?.[0]?.sessionId ?? ''
  const ref = { url: repository, forge: 'local' as const, slug: null, base: null }
  const found = plans.api.runtime.ports.forges.for(ref, 'local')
  if (!found.ok) throw new Error(found.message)
  const signal = new AbortController().signal
  const request = { repository: ref, branch: 'slipway/one', base: 'main', title: 'One', body: '', draft: false, signal }
  const opened = await found.forge.openChangeRequest(request)
  if (!opened.ok) throw new Error(opened.message)
  await plans.finish(first, 'verified', { branch: 'slipway/one' })

  const baseOf = async (sessionId: string) => {
    const [created] = await plans.events(sessionId)
    return created?.body.type === 'session-created' ? created.body.repository.base : 'none'
  }
  const second = (await plans.until(plan.id, ({ tasks }) => tasks?.[1]?.sessionId != null)).tasks?.[1]?.sessionId ?? ''
  expect(await baseOf(second)).toBe('slipway/one')
  await plans.finish(second, 'nothing-to-do')
  const third = (await plans.until(plan.id, ({ tasks }) => tasks?.[2]?.sessionId != null)).tasks?.[2]?.sessionId ?? ''
  expect(await baseOf(third)).toBe(null)
  await rm(folder, { recursive: true })
})

test('what plans cost is counted where sessions are', async () => {
  const before = (await plans.api.call('GET', '/api/v1/usage/breakdown')).body
  await plans.api.db.store.database.pool.query(
    `insert into plan_calls (call_id, plan_id, owner_id, asked, round, attempt, model, reserved_micros, ended_at, outcome, usage, cost_micros)
     select 'priced', id, owner_id, 'tasks', 1, 1, 'openai/gpt-5-mini', 90, now(), 'answered', '{"inputTokens": 7, "outputTokens": 3}', 42
     from plans where owner_id = 'local' limit 1`,
  )
  const after = (await plans.api.call('GET', '/api/v1/usage/breakdown')).body
  expect(after.total.costMicros - before.total.costMicros).toBe(42)
  expect(after.byModel).toContainEqual(expect.objectContaining({ model: 'openai/gpt-5-mini', calls: 1, costMicros: 42, inputTokens: 7 }))
  expect(after.byDay.at(-1).costMicros).toBe(after.total.costMicros)
  expect((await plans.api.call('GET', '/api/v1/usage')).body).toMatchObject({ costMicros: 42, byDay: [{ costMicros: 42 }] })
})
