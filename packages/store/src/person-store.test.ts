import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PersonStore } from './person-store.ts'
import { createStore, type Store } from './store.ts'
import { createSession, newEvent } from './testing/events.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
let store: Store
let alice: PersonStore
let bob: PersonStore
const sessions: Record<'alice' | 'bob', string> = { alice: '', bob: '' }
const blobs: Record<'alice' | 'bob', string> = { alice: '', bob: '' }

beforeAll(async () => {
  testDatabase = await openTestDatabase()
  store = createStore(testDatabase.database)
  alice = store.as('alice')
  bob = store.as('bob')
  for (const owner of ['alice', 'bob'] as const) {
    const sessionId = (sessions[owner] = await createSession(store.log, { ownerId: owner, title: `of ${owner}` }))
    const blob = (blobs[owner] = await store.blobs.put(Buffer.from(`output of ${owner}`)))
    await store.log.append({
      sessionId,
      events: [
        newEvent({ type: 'user-message', text: `large, of ${owner} ${'x'.repeat(70_000)}`, mode: 'steer' }, new Date().toISOString()),
        newEvent(
          { type: 'tool-finished', callId: 'c', ok: true, output: '', blob, ms: 1, changed: false, problem: null, facts: {} },
          new Date().toISOString(),
        ),
      ],
      expectedSeq: null,
      lease: null,
      wake: 'no',
    })
    await store.budgets.setLimit({ scope: 'owner', scopeId: owner, period: 'day', limitMicros: 5 })
    await store.budgets.setLimit({ scope: 'installation', scopeId: 'installation', period: 'day', limitMicros: 5 })
    await store.budgets.reserve({ callId: `call of ${owner}`, sessionId, ownerId: owner, micros: 1 })
    await store.effects.intend({ key: `effect of ${owner}`, sessionId, kind: 'push', request: {} })
    const { pool } = testDatabase.database
    await pool.query(`insert into preferences (owner_id, document) values ($1, '{}')`, [owner])
    await pool.query(`insert into api_keys (owner_id, person_id, name, hint, hash) values ($1, $1, 'ci', 'abcd', $2)`, [
      owner,
      Buffer.from(owner),
    ])
    await pool.query(`insert into shares (owner_id, session_id, hint, hash) values ($1, $2, 'abcd', $3)`, [
      owner,
      sessionId,
      Buffer.from(owner),
    ])
    await pool.query(`insert into people (owner_id, email, role) values ($1, $1 || '@example.org', 'member')`, [owner])
    await pool.query(
      `insert into connections (id, owner_id, provider, kind, account_id, account_name, status, sealed_access)
       values ('connection of ' || $1, $1, 'github', 'token', '1', $1, 'connected', $2)`,
      [owner, Buffer.from(`of ${owner}`)],
    )
    await pool.query(`insert into session_marks (owner_id, session_id) values ($1, $2)`, [owner, sessionId])
    await pool.query(
      `insert into notion_databases (owner_id, data_source_id, database_id, person_id, title, fields, statuses, defaults, is_queue)
       values ($1, 'source', 'database', $1, 'Tasks of ' || $1, '{}', '{}', '{}', true)`,
      [owner],
    )
    await pool.query(
      `insert into notion_tasks (session_id, owner_id, data_source_id, page_id, round, url, title) values ($1, $2, 'source', 'page', 1, '', $2)`,
      [sessionId, owner],
    )
    await pool.query(
      `insert into plans (id, owner_id, person_id, title, idea, source, request, thinker, code_model)
       values ('plan of ' || $1, $1, $1, 'x', 'an idea of ' || $1, 'chat', '{}', '{}', '')`,
      [owner],
    )
    await pool.query(`insert into plan_tasks (plan_id, key, owner_id) values ('plan of ' || $1, 't1', $1)`, [owner])
    await pool.query(
      `insert into plan_calls (call_id, plan_id, owner_id, asked, round, attempt, model, reserved_micros)
       values ('call of the plan of ' || $1, 'plan of ' || $1, $1, 'tasks', 1, 1, 'x/y', 0)`,
      [owner],
    )
    await pool.query(`insert into outbox (key, owner_id, kind, payload) values ($1, $1, 'comment', '{}')`, [owner])
    await pool.query(
      `insert into deployments (session_id, key, owner_id, repository_url, branch, oid, target, asked_at)
       values ($1, 'preview 1', $2, 'https://example.org/' || $2, 'b', '1', 'preview', now())`,
      [sessionId, owner],
    )
    await pool.query(
      `insert into followed (session_id, owner_id, provider, slug, number, opened_at) values ($1, $2, 'github', 'acme/' || $2, 1, now())`,
      [sessionId, owner],
    )
    await pool.query(
      `insert into triggers (owner_id, person_id, provider, slug, label, bot_name, autonomy) values ($1, $1, 'github', 'acme/clock', 'x', 'bot', 'plan')`,
      [owner],
    )
    await pool.query(`insert into mail_choices (owner_id, failed_since) values ($1, now())`, [owner])
    await pool.query(`insert into search_entries (session_id, seq, kind, text) values ($1, 1, 'task', 'words')`, [sessionId])
    await pool.query(`insert into search_progress (session_id, seq) values ($1, 1)`, [sessionId])
  }
})
afterAll(async () => {
  await store.bus.close()
  await testDatabase.close()
})

/** Every table of ours: a new one without a policy or with an open one fails here. */
async function tables(): Promise<string[]> {
  const { rows } = await testDatabase.database.pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
  )
  return rows.map(({ name }) => name)
}

test('no hand-written query shows a person anything of another owner, in any table', async () => {
  const names = await tables()
  expect(names.length).toBeGreaterThan(15)
  const seen: Record<string, number> = {}
  for (const name of names) {
    const asked = await columnsOf(name)
    if (asked === '') continue
    const { rows } = await bob.query<{ row: string }>(`select row_to_json(found)::text as row from (select ${asked} from ${name}) as found`)
    seen[name] = rows.length
    const text = rows.map(({ row }) => row).join('\n')
    for (const foreign of ['alice', sessions.alice, blobs.alice, Buffer.from('of alice').toString('hex')])
      expect(text, name).not.toContain(foreign)
  }
  // What is bob's own is there, so the silence about the rest means something.
  expect(seen).toEqual({
    'public.api_keys': 1,
    'public.blobs': 2,
    'public.budget_entries': 1,
    'public.budgets': 1,
    'public.connections': 1,
    'public.effects': 1,
    'public.events': 3,
    'public.deployments': 1,
    'public.followed': 1,
    'public.mail_choices': 1,
    'public.notion_databases': 1,
    'public.notion_tasks': 1,
    'public.outbox': 1,
    'public.plan_calls': 1,
    'public.plan_tasks': 1,
    'public.plans': 1,
    'public.preferences': 1,
    'public.search_entries': 1,
    'public.search_progress': 1,
    'public.session_marks': 1,
    'public.sessions': 1,
    'public.shares': 1,
    'public.triggers': 1,
  })
})

/** The columns that the role may read at all. */
async function columnsOf(table: string): Promise<string> {
  const { rows } = await testDatabase.database.pool.query<{ columns: string | null }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped
       and has_schema_privilege('slipway_person', (select relnamespace from pg_class where oid = attrelid), 'usage')
       and has_column_privilege('slipway_person', attrelid, attnum, 'select')`,
    [table],
  )
  return rows[0]?.columns ?? ''
}

test('hashes, people, the audit and the sign-in tables cannot be read by a person', async () => {
  for (const table of ['people', 'audit', 'attempts', 'schema_migrations', 'auth.session', 'auth."user"']) {
    await expect(bob.query(`select * from ${table}`), table).rejects.toMatchObject({ code: '42501' })
  }
  await expect(bob.query('select hash from api_keys')).rejects.toMatchObject({ code: '42501' })
  await expect(bob.query('select hash from shares')).rejects.toMatchObject({ code: '42501' })
})

test('a person changes nothing that is not theirs, and writes nothing in another name', async () => {
  for (const text of [
    'update sessions set title = $$x$$',
    'delete from events',
    'insert into blobs values ($$a$$, $$b$$)',
    'delete from audit',
    'select from deliveries',
    'update deployments set deployment_id = $$x$$',
    'update connections set owner_id = $$bob$$',
    'delete from notion_tasks',
    'update outbox set payload = $${}$$',
    'delete from mail_choices',
  ]) {
    await expect(bob.query(text), text).rejects.toMatchObject({ code: '42501' })
  }
  await expect(bob.query(`insert into preferences (owner_id, document) values ('carol', '{}')`)).rejects.toMatchObject({ code: '42501' })
  await expect(
    bob.query(`insert into shares (owner_id, session_id, hint, hash) values ('bob', $1, 'h', 'x')`, [sessions.alice]),
  ).rejects.toMatchObject({ code: '42501' })
  await expect(
    bob.query(
      `insert into triggers (owner_id, person_id, provider, slug, label, bot_name, autonomy) values ('alice', 'bob', 'gitlab', 'a/b', 'x', 'x', 'auto')`,
    ),
  ).rejects.toMatchObject({ code: '42501' })
  await expect(bob.query(`insert into mail_choices (owner_id) values ('carol')`)).rejects.toMatchObject({ code: '42501' })
  await bob.query('update triggers set is_paused = true')
  await bob.query('update mail_choices set failed_since = null')
  expect((await alice.query('select is_paused as paused, (select failed_since from mail_choices) as since from triggers')).rows).toEqual([
    { paused: false, since: expect.any(String) },
  ])
  await bob.query('update shares set withdrawn_at = now()')
  await bob.query('update api_keys set revoked_at = now()')
  const { rows } = await alice.query(`select withdrawn_at as at from shares union all select revoked_at from api_keys`)
  expect(rows).toEqual([{ at: null }, { at: null }])
})

test('the views of a person answer for what is theirs, and as for the unknown otherwise', async () => {
  expect((await alice.log.read({ sessionId: sessions.alice, after: 0 })).map(({ seq }) => seq)).toEqual([1, 2, 3])
  expect(await bob.log.read({ sessionId: sessions.alice, after: 0 })).toEqual([])
  expect((await alice.log.readLast({ sessionId: sessions.alice, count: 1 }))[0]?.body.type).toBe('tool-finished')
  expect((await alice.sessions.list({ ownerId: null, limit: 10 })).map(({ id }) => id)).toEqual([sessions.alice])
  expect(await bob.sessions.get(sessions.alice)).toBe(null)
  expect(Buffer.from((await alice.blobs.get(blobs.alice)) ?? []).toString()).toBe('output of alice')
  expect(await bob.blobs.get(blobs.alice)).toBe(null)
  expect((await bob.budgets.list()).map(({ scopeId }) => scopeId)).toEqual(['bob'])
})

test('what is asked with the owner’s rights still knows whose words and outputs they are', async () => {
  const { rows } = await bob.query<{ id: string }>(`select session_id as id from own_search_entries('words')`)
  expect(rows).toEqual([{ id: sessions.bob }])
  await expect(testDatabase.database.pool.query(`select from own_search_entries('words')`)).resolves.toMatchObject({ rowCount: 0 })
})

test('nothing of a person stays on the connection, whether the query succeeds, fails or is cut', async () => {
  const { pool } = testDatabase.database
  const before = await pool.query('select current_user as role')
  for (let round = 0; round < 30; round++) {
    await Promise.allSettled([
      alice.query('select 1'),
      alice.query('select nonsense'),
      bob.query(`select set_config('slipway.owner', 'alice', true)`),
      bob.query('select pg_terminate_backend(pg_backend_pid())'),
    ])
  }
  const left = await Promise.all(
    Array.from({ length: 10 }, () =>
      pool.query(`select current_user as role, nullif(current_setting('slipway.owner', true), '') as owner, pg_sleep(0.05)::text as slept`),
    ),
  )
  for (const { rows } of left) expect(rows).toEqual([{ role: before.rows[0].role, owner: null, slept: '' }])
  // A role that was taken without an owner sees nothing at all.
  const client = await testDatabase.database.connect()
  await client.query('set role slipway_person')
  expect((await client.query('select from sessions')).rowCount).toBe(0)
  await client.end()
})

test('a long session of somebody else takes no longer to hide than one that does not exist', async () => {
  const long = await createSession(store.log, { ownerId: 'alice' })
  for (let batch = 0; batch < 10; batch++) {
    const events = Array.from({ length: 1_000 }, () =>
      newEvent({ type: 'user-message', text: 'x', mode: 'steer' }, new Date().toISOString()),
    )
    await store.log.append({ sessionId: long, events, expectedSeq: null, lease: null, wake: 'no' })
  }
  const fastest = { foreign: Number.POSITIVE_INFINITY, unknown: Number.POSITIVE_INFINITY }
  // The fastest of many, because only noise makes a read slower and nothing makes it faster.
  for (let round = 0; round < 60; round++) {
    for (const [kind, sessionId] of [
      ['foreign', long],
      ['unknown', `no ${long}`],
    ] as const) {
      const started = performance.now()
      expect(await bob.log.read({ sessionId, after: 0 })).toEqual([])
      fastest[kind] = Math.min(fastest[kind], performance.now() - started)
    }
  }
  expect(fastest.foreign).toBeLessThan(fastest.unknown * 2)
})
