// Two people with two accounts each: no id of the one leads the other anywhere, over their own sessions neither.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { followOnce } from '../../apps/server/src/deployments/follow-deployments.ts'
import { openTestApi, type Json, type TestApi } from '../../apps/server/src/testing/test-api.ts'
import { openBrowser, type Browser } from '../../apps/server/src/testing/test-browser.ts'
import { startVercelDouble, type VercelDouble } from '../doubles/vercel/start-vercel-double.ts'

interface Someone {
  browser: Browser
  ownerId: string
  /** Of Vercel. */
  tokens: string[]
  connections: string[]
  session: string
  preview: string
  earlier: string
  trigger: string
  notionDatabase: string
}

const names = ['ada', 'bea'] as const
const nothing = '0'.repeat(64)
let vercel: VercelDouble
let api: TestApi
const people = {} as Record<(typeof names)[number], Someone>

beforeAll(async () => {
  vercel = await startVercelDouble()
  api = await openTestApi({ environment: { VERCEL_API_URL: vercel.url }, requestsPerMinute: 100_000 })
  for (const name of names) people[name] = await settle(name)
  await api.db.store.database.pool.query('update deployments set due_at = clock_timestamp()')
  await followOnce(api.runtime, new AbortController().signal)
  vercel.requests.length = 0
})
afterAll(async () => {
  await api.close()
  await vercel.close()
})

/** Connects two accounts, deploys a preview to the project of the second one, and sets everything else up. */
async function settle(name: string): Promise<Someone> {
  const browser = openBrowser(api.url)
  const { body } = await browser.send('POST', '/api/auth/sign-in/magic-link', { email: `${name}@example.org` })
  await browser.visit(body.shownLink)
  const { pool } = api.db.store.database
  const { rows } = await pool.query<{ owner: string; id: string }>('select owner_id as owner, id from people where email = $1', [
    `${name}@example.org`,
  ])
  const [{ owner: ownerId, id: personId } = { owner: '', id: '' }] = rows
  const tokens = [1, 2].map((index) => `vercel-of-${name}-000${index}`)
  const connections: string[] = []
  for (const token of tokens) {
    vercel.addUser(token, `${name}-${token.at(-1)}`)
    connections.push((await browser.send('POST', '/api/v1/connections', { provider: 'vercel', token })).body.id)
  }
  const [slug, oid, branch] = [`acme/${name}`, (name === 'ada' ? 'a' : 'b').repeat(40), 'slipway/s1-fix']
  vercel.addProject({ name, tokens, link: { type: 'github', slug, repositoryId: name, productionBranch: 'main' } })
  const earlier = vercel.deploy({ project: name, sha: '1'.repeat(40), branch: 'main', target: 'production' })
  vercel.progress(earlier.id, 'READY')
  const present = vercel.deploy({ project: name, sha: '2'.repeat(40), branch: 'main', target: 'production' })
  vercel.progress(present.id, 'READY')
  const repository = { url: `https://github.com/${slug}`, forge: 'github' as const, slug, base: null }
  const session = await api.db.create({ ownerId, repository, title: `of ${name}` })
  await api.db.append(session, [{ type: 'branch-pushed', branch, oid, alreadyThere: false }])
  const preview = vercel.deploy({ project: name, sha: oid, branch })
  vercel.progress(preview.id, 'READY')
  const notionDatabase = crypto.randomUUID()
  await pool.query(
    `insert into notion_databases (owner_id, data_source_id, database_id, person_id, title, fields, statuses, defaults, is_queue)
     values ($1, $2, $2, $3, $4, '{"title": {"id": "title", "type": "title"}, "status": {"id": "x", "type": "status"}}', '{}', '{}', false)`,
    [ownerId, notionDatabase, personId, `tasks of ${name}`],
  )
  const trigger = (await browser.send('POST', '/api/v1/triggers', { provider: 'github', slug })).body.id
  const previews = { preview: preview.id, earlier: earlier.id }
  return { browser, ownerId, tokens, connections, session, trigger, notionDatabase, ...previews }
}

const pairs = [
  ['ada', 'bea'],
  ['bea', 'ada'],
] as const

test.each(pairs)('%s reaches nothing of %s by any id', async (one, other) => {
  const { browser, session: own } = people[one]
  const foreign = people[other]
  const asks: [method: string, path: string, body?: unknown][] = [
    ['GET', `/sessions/${foreign.session}/deployments`],
    ['GET', `/sessions/${foreign.session}/previews`],
    ['POST', `/sessions/${foreign.session}/previews`, { port: 3000 }],
    ['POST', `/sessions/${foreign.session}/previews/local`, {}],
    ['DELETE', `/sessions/${foreign.session}/previews/local`],
    ['GET', `/sessions/${foreign.session}/notion`],
    // The same deployments again, over a session of one's own.
    ...[foreign.session, own].flatMap((session): [string, string, unknown?][] => [
      ['POST', `/sessions/${session}/deployments/${foreign.preview}/promote`, { effectHash: nothing }],
      ['POST', `/sessions/${session}/deployments/${foreign.earlier}/rollback`, { effectHash: nothing }],
      ['POST', `/sessions/${session}/deployments/${foreign.preview}/cancel`],
    ]),
    ...foreign.connections.flatMap((id): [string, string, unknown?][] => [
      ['GET', `/connections/${id}/avatar`],
      ['GET', `/connections/${id}/teams`],
      ['PATCH', `/connections/${id}`, { teamId: null }],
      ['POST', `/connections/${id}/check`],
      ['DELETE', `/connections/${id}`],
    ]),
    ['PATCH', `/triggers/${foreign.trigger}`, { isPaused: true }],
    ['DELETE', `/triggers/${foreign.trigger}`],
    ['DELETE', `/notion/connections/${foreign.notionDatabase}`],
  ]
  for (const [method, path, body] of asks) {
    const answer = await browser.send(method, `/api/v1${path}`, body)
    expect([method, path, answer.status], JSON.stringify(answer.body)).toEqual([method, path, 404])
  }
  // Nobody at Vercel was asked in the other's name.
  const theirProject = vercel.requests.filter(
    ({ method, path, body }) => method !== 'GET' || JSON.stringify([path, body]).includes(foreign.preview),
  )
  expect(theirProject).toEqual([])
})

test.each(pairs)('the lists of %s hold nothing of %s', async (one, other) => {
  const { browser, ownerId, session, connections, trigger, notionDatabase, preview } = people[one]
  const foreign = people[other]
  const paths = ['/connections', '/triggers', '/notion/connections', '/sessions', '/notices', `/sessions/${session}/deployments`]
  const text = JSON.stringify(await Promise.all(paths.map(async (path) => (await browser.send('GET', `/api/v1${path}`)).body as Json)))
  for (const id of [session, ...connections, trigger, notionDatabase, preview]) expect(text).toContain(id)
  const theirs = [foreign.session, ...foreign.connections, foreign.trigger, foreign.notionDatabase, foreign.preview, foreign.ownerId]
  for (const id of [...theirs, `of ${other}`, `acme/${other}`, `${other}-1`]) expect(text).not.toContain(id)
  for (const secret of [...people.ada.tokens, ...people.bea.tokens, ownerId]) expect(text).not.toContain(secret)
})

test('each one’s own promotion uses an account of their own', async () => {
  for (const name of names) {
    const { browser, session, preview } = people[name]
    const { body } = await browser.send('GET', `/api/v1/sessions/${session}/deployments`)
    const [effect] = body.production.promotable.map((one: Json) => one.effect)
    expect(
      (await browser.send('POST', `/api/v1/sessions/${session}/deployments/${preview}/promote`, { effectHash: effect.hash })).status,
    ).toBe(202)
    expect(vercel.production(name)).toBe(preview)
  }
})
