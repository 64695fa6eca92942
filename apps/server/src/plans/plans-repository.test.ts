// Repositories that are made for plans, and which branch a task begins on; and what plans cost.

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGithubDouble, type GithubDouble } from '../../../../e2e/doubles/github/start-github-double.ts'
import { commitFile } from '../../../../e2e/doubles/github/make-repository.ts'
import type { Plan } from '../contract/plan-routes.ts'
import { openBrowser } from '../testing/test-browser.ts'
import { openTestPlans, says, task, type TestPlans } from '../testing/test-plans.ts'

const token = 'token-of-plans-0001'
let plans: TestPlans
let github: GithubDouble
beforeAll(async () => {
  github = await startGithubDouble({ repositories: [{ slug: 'slipway-bot/taken', from: null }], token })
  plans = await openTestPlans({ GITHUB_URL: github.url, GITHUB_API_URL: github.apiUrl, GITHUB_TOKEN: token, SLIPWAY_SIGN_UP: 'open' })
  plans.keep()
})
afterAll(async () => {
  await plans.close()
  await github.close()
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
