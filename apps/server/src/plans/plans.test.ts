import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventOf, EventType, SessionEvent } from '@slipway/core/events'
import type { Plan } from '../contract/plan-routes.ts'
import { openTestPlans, requirements, says, task, type TestPlans } from '../testing/test-plans.ts'

let plans: TestPlans
beforeAll(async () => {
  plans = await openTestPlans()
  plans.keep()
})
afterAll(() => plans.close())

const { title: _title, ...withoutTitle } = requirements

function bodyOf<T extends EventType>(events: SessionEvent[], type: T): EventOf<T> {
  const found = events.find(({ body }) => body.type === type)?.body
  if (found?.type !== type) throw new Error(`there is no ${type}`)
  return found as EventOf<T>
}

/** A plan with tasks, ready to be approved. */
async function planned(tasks: unknown[], more: Record<string, unknown> = {}): Promise<Plan> {
  const model = await plans.script([says.requirements, says.tasks(tasks)])
  const { id } = await plans.create({ idea: 'The clock is late.', repository: plans.repository, model, ...more })
  const read = await plans.until(id, ({ state }) => state === 'read' || state === 'failed')
  await plans.send('POST', `/${id}/ask`, { version: read.version, for: 'tasks' })
  return plans.until(id, ({ state }) => state === 'planned' || state === 'failed')
}

test('an idea is read into requirements, which a person changes, and cut into tasks whose sessions start when it is their turn', async () => {
  const model = await plans.script([
    says.requirements,
    says.tasks([task('t1'), task('t2', ['t1'], { files: ['README.md', 'src/new.ts'] }), task('t3', ['t2'])]),
  ])
  const made = await plans.create({
    idea: 'The clock is late.\nMend it.',
    repository: plans.repository,
    model,
    budgetUsd: 2,
    sandbox: 'docker',
  })
  expect(made).toMatchObject({ title: 'The clock is late.', idea: 'The clock is late.\nMend it.', state: 'reading', tasks: null })

  const read = await plans.until(made.id, ({ state }) => state === 'read')
  expect(read).toMatchObject({ title: requirements.title, requirements: withoutTitle, cost: { calls: 1 } })
  const edited = { ...withoutTitle, openQuestions: [], constraints: ['UTC only'] }
  const changed = await plans.send('PATCH', `/${made.id}`, { version: read.version, requirements: edited })
  expect(changed.body).toMatchObject({ requirements: edited, version: read.version + 1 })
  // Whoever looks at an older version changes nothing.
  expect((await plans.send('PATCH', `/${made.id}`, { version: read.version, title: 'x' })).status).toBe(409)
  expect((await plans.send('POST', `/${made.id}/approve`, { version: changed.body.version })).status).toBe(409)

  await plans.send('POST', `/${made.id}/ask`, { version: changed.body.version, for: 'tasks' })
  const plan = await plans.until(made.id, ({ state }) => state === 'planned')
  expect(plan.tasks?.map(({ key, state, dependsOn }) => [key, state, dependsOn])).toEqual([
    ['t1', 'draft', []],
    ['t2', 'draft', ['t1']],
    ['t3', 'draft', ['t2']],
  ])
  expect(plan.estimate).toMatchObject({ lowMinutes: 15, highMinutes: 45, basis: 'free', lowMicros: 0 })

  // The third is not approved yet.
  await plans.send('POST', `/${made.id}/approve`, { version: plan.version, tasks: ['t1', 't2'] })
  const started = await plans.until(made.id, ({ tasks }) => tasks?.[0]?.sessionId != null && tasks[1]?.waitsFor != null)
  expect(started.tasks?.map(({ state, waitsFor }) => [state, waitsFor])).toEqual([
    ['working', null],
    ['waiting', '“Task t1” comes first and is being worked on.'],
    ['draft', null],
  ])
  const first = started.tasks?.[0]?.sessionId ?? ''
  const events = await plans.events(first)
  expect(bodyOf(events, 'session-created')).toMatchObject({
    title: 'Task t1',
    task: { text: 'Task t1\n\nDo what t1 says.', source: { kind: 'plan', ref: made.id } },
    repository: { url: plans.repository, base: null },
    limits: { budgetMicros: 2_000_000 },
    sandbox: 'docker',
  })
  expect(bodyOf(events, 'context-added')).toMatchObject({ origin: 'plan', trust: 'trusted', text: expect.stringContaining('UTC only') })

  await plans.finish(first, 'verified')
  const second = await plans.until(made.id, ({ tasks }) => tasks?.[1]?.sessionId != null)
  expect(second.tasks?.map(({ state }) => state)).toEqual(['in-review', 'working', 'draft'])
  expect(second).toMatchObject({ state: 'approved', progress: { tasks: 3, approved: 2, finished: 1, needPerson: 0 } })

  await plans.finish(second.tasks?.[1]?.sessionId ?? '', 'stopped')
  const stopped = await plans.until(made.id, ({ tasks }) => tasks?.[1]?.state === 'failed')
  expect(stopped).toMatchObject({ state: 'approved', progress: { finished: 1, needPerson: 1 } })
  expect(stopped.tasks?.map(({ problem }) => problem)).toEqual([null, 'It is done.', null])
})

test('a task whose session asks something says what, until it is answered', async () => {
  const plan = await planned([task('t1')])
  await plans.send('POST', `/${plan.id}/approve`, { version: plan.version })
  const { tasks } = await plans.until(plan.id, ({ tasks }) => tasks?.[0]?.sessionId != null)
  const sessionId = tasks?.[0]?.sessionId ?? ''
  const ask = { askId: 'a1', kind: 'question' as const, question: 'Which zone?', options: [], callId: null, effect: null, expiresAt: null }
  await plans.api.db.append(sessionId, [{ type: 'human-asked', ...ask }])
  const asking = await plans.show(plan.id)
  expect([asking.tasks?.[0], asking.progress.needPerson]).toMatchObject([{ state: 'needs-person', waitsFor: 'Which zone?' }, 1])
  await plans.api.call('POST', `/api/v1/sessions/${sessionId}/answers`, { askId: 'a1', decision: 'answer', text: 'UTC' })
  expect((await plans.show(plan.id)).tasks?.[0]).toMatchObject({ state: 'working', waitsFor: null })
})

test('two keepers and a repeated approval start each task once', async () => {
  const other = plans.keep()
  const plan = await planned([task('t1'), task('t2'), task('t3')])
  const approve = () => plans.send('POST', `/${plan.id}/approve`, { version: plan.version })
  const answers = await Promise.all([approve(), approve(), approve()])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
  const done = await plans.until(plan.id, ({ tasks }) => tasks?.every(({ sessionId }) => sessionId !== null) ?? false)
  const { rows } = await plans.api.db.store.database.pool.query<{ count: number }>(
    `select count(*)::int as count from events where type = 'session-created' and body -> 'task' -> 'source' ->> 'ref' = $1`,
    [plan.id],
  )
  expect([new Set(done.tasks?.map(({ sessionId }) => sessionId)).size, rows[0]?.count]).toEqual([3, 3])
  await other.close()
})

test('a task whose start breaks off is not left alone with it: it says so and is started again', async () => {
  const plan = await planned([task('t1')])
  const { pool } = plans.api.db.store.database
  await pool.query(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'broken on purpose'; end $$`)
  await pool.query('create trigger refuse before insert on events for each row execute function refuse()')
  await plans.send('POST', `/${plan.id}/approve`, { version: plan.version })
  const told = await plans.until(plan.id, ({ tasks }) => tasks?.[0]?.waitsFor != null)
  expect(told.tasks?.[0]).toMatchObject({ state: 'waiting', waitsFor: expect.stringContaining('It is tried again.') })
  await pool.query('drop trigger refuse on events')
  const { rows } = await pool.query<{ seconds: number }>(
    `update plan_tasks t set due_at = clock_timestamp() from plan_tasks before where before.plan_id = t.plan_id and t.plan_id = $1
     returning extract(epoch from before.due_at - clock_timestamp())::float8 as seconds`,
    [plan.id],
  )
  expect(rows[0]?.seconds).toBeLessThanOrEqual(10)
  const started = await plans.until(plan.id, ({ tasks }) => tasks?.[0]?.sessionId != null)
  expect(started.tasks?.[0]?.waitsFor).toBe(null)
})

test('an answer that cannot be used is asked for once more, with what is wrong with it', async () => {
  const circle = [task('t1', ['t2']), task('t2', ['t1'])]
  const model = await plans.script([{ text: 'I would rather chat.' }, says.requirements, says.tasks(circle), says.tasks([task('t1')])])
  const { id } = await plans.create({ idea: 'Mend it.', repository: plans.repository, model })
  const read = await plans.until(id, ({ state }) => state === 'read')
  expect(read.cost.calls).toBe(2)
  await plans.send('POST', `/${id}/ask`, { version: read.version, for: 'tasks' })
  const plan = await plans.until(id, ({ state }) => state === 'planned')
  expect([plan.tasks?.length, plan.cost.calls]).toEqual([1, 4])
})

test('a second unusable answer ends it, says so and keeps what was typed; asking again or writing it oneself goes on', async () => {
  const bad = { tool_calls: [{ name: 'write_requirements', input: { title: 'x', goal: '' } }] }
  const model = await plans.script([bad, bad, says.requirements])
  const { id } = await plans.create({ idea: 'Mend the clock, please.', repository: plans.repository, model })
  const failed = await plans.until(id, ({ state }) => state === 'failed')
  expect(failed).toMatchObject({ idea: 'Mend the clock, please.', requirements: null, cost: { calls: 2 } })
  expect(failed.problem).toMatch(/could not be used, also when it was asked once more: goal: .*what you typed is kept/)
  const { body: again } = await plans.send('POST', `/${id}/ask`, { version: failed.version, for: 'requirements' })
  expect(again.state).toBe('reading')
  const read = await plans.until(id, ({ state }) => state === 'read')
  const own = { ...withoutTitle, goal: 'In my own words.' }
  expect((await plans.send('PATCH', `/${id}`, { version: read.version, requirements: own })).body.requirements.goal).toBe(
    'In my own words.',
  )
})

test('a failing provider is asked again by itself, and one that refuses ends it with what to do', async () => {
  const passing = await plans.script([{ ...says.requirements, fault: { status: 529, retry_after: 0 } }])
  const { id } = await plans.create({ idea: 'x', repository: plans.repository, model: passing })
  expect((await plans.until(id, ({ state }) => state === 'read')).cost.calls).toBe(2)
  const slow = await plans.script([{ ...says.requirements, fault: { status: 429, message: 'Too many', retry_after: 60 } }])
  const { id: postponedId } = await plans.create({ idea: 'x', repository: plans.repository, model: slow })
  const postponed = await plans.until(postponedId, ({ problem }) => problem !== null)
  expect([postponed.state, postponed.problem]).toEqual([
    'reading',
    expect.stringMatching(/^[^.]+\.\w+ is rate-limited \(Too many\); it is asked again\.$/),
  ])
  const refusing = await plans.script([{ ...says.requirements, fault: { status: 401, times: null } }])
  const other = await plans.create({ idea: 'x', repository: plans.repository, model: refusing })
  const failed = await plans.until(other.id, ({ state }) => state === 'failed')
  expect([failed.cost.calls, failed.problem]).toEqual([1, expect.stringContaining('key')])
})

test('after repeated failures the fallback model takes over', async () => {
  const broken = await plans.script([{ ...says.requirements, fault: { status: 500, retry_after: 0, times: null } }])
  const { id } = await plans.create({ idea: 'x', repository: plans.repository, model: broken })
  const failed = await plans.until(id, ({ state }) => state === 'failed')
  expect(failed.cost.calls).toBe(5)
  const thinker = { model: broken, effort: null, fallback: await plans.script([says.requirements]) }
  await plans.api.db.store.database.pool.query('update plans set thinker = $2 where id = $1', [id, JSON.stringify(thinker)])
  await plans.send('POST', `/${id}/ask`, { version: failed.version, for: 'requirements' })
  expect((await plans.until(id, ({ state }) => state === 'read')).cost.calls).toBe(9)
})

test('a dependency that failed keeps the next task waiting with the reason, until somebody starts it anyway', async () => {
  const plan = await planned([task('t1'), task('t2', ['t1'])])
  await plans.send('POST', `/${plan.id}/approve`, { version: plan.version })
  const first = await plans.until(plan.id, ({ tasks }) => tasks?.[0]?.sessionId != null)
  await plans.finish(first.tasks?.[0]?.sessionId ?? '', 'failed')
  const waiting = await plans.until(plan.id, ({ tasks }) => tasks?.[1]?.waitsFor?.includes('has failed') === true)
  expect(waiting.tasks?.map(({ state }) => state)).toEqual(['failed', 'waiting'])
  await plans.send('POST', `/${plan.id}/approve`, { version: waiting.version, tasks: ['t2'], startAnyway: true })
  await plans.until(plan.id, ({ tasks }) => tasks?.[1]?.sessionId != null)
})

test('what was approved stays as it is, and a dropped plan starts nothing more', async () => {
  const plan = await planned([task('t1'), task('t2', ['t1'])])
  const approved = (await plans.send('POST', `/${plan.id}/approve`, { version: plan.version, tasks: ['t1'] })).body
  const changed = [task('t1', [], { title: 'Another' }), task('t2', ['t1'])]
  const refused = await plans.send('PATCH', `/${plan.id}`, { version: approved.version, tasks: changed })
  expect([refused.status, refused.body.error.message]).toEqual([409, expect.stringContaining('is approved, so it stays as it is')])
  const added = [task('t1'), task('t2', ['t1'], { title: 'Another' }), task('t3')]
  expect((await plans.send('PATCH', `/${plan.id}`, { version: approved.version, tasks: added })).status).toBe(200)
  const replanned = await plans.send('POST', `/${plan.id}/ask`, { version: approved.version + 1, for: 'tasks' })
  expect(replanned.status).toBe(409)
  expect((await plans.send('DELETE', `/${plan.id}`)).body).toEqual({ dropped: true })
  expect((await plans.send('POST', `/${plan.id}/approve`, { version: approved.version + 2, tasks: ['t2'] })).status).toBe(409)
  expect((await plans.send('GET', '')).body.plans.map(({ id }: { id: string }) => id)).not.toContain(plan.id)
})

test('the same key gives the same plan, and is paid for once', async () => {
  const model = await plans.script([says.requirements])
  const body = { idea: 'Twice the same.', repository: plans.repository, model }
  const key = { 'idempotency-key': 'once' }
  const [one, two] = await Promise.all([plans.create(body, key), plans.create(body, key)])
  expect(one.id).toBe(two.id)
  expect((await plans.until(one.id, ({ state }) => state === 'read')).cost.calls).toBe(1)
})

test('a budget that is used up asks nobody, and says what to do', async () => {
  const { budgets } = plans.api.db.store
  const limit = { scope: 'owner', scopeId: 'local', period: 'total' } as const
  await budgets.setLimit({ ...limit, limitMicros: 1 })
  const { id } = await plans.create({ idea: 'x', repository: plans.repository, model: 'openai/gpt-5-mini' })
  const failed = await plans.until(id, ({ state }) => state === 'failed')
  await budgets.setLimit({ ...limit, limitMicros: null })
  expect([failed.cost.calls, failed.problem]).toEqual([0, expect.stringContaining('The owner in total of <$0.0001 is used up')])
})
