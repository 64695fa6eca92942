// Tokens that work, whatever runs out, breaks or is taken back, and however many want one at the same moment.

import { makeSecret } from '@slipway/core/secret'
import type { Account, ProviderName } from '@slipway/core/accounts'
import type { NewConnection } from '@slipway/store/connections'
import { startChild } from '@slipway/store/testing/child-process'
import { openTestDatabase, type TestDatabase } from '@slipway/store/testing/test-database'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type OauthDouble, startOauthDouble } from '../doubles/oauth/start-oauth-double.ts'
import { type Broker, openBroker } from './open-broker.ts'

let testDatabase: TestDatabase
let double: OauthDouble
let broker: Broker
let nowMs: (() => number) | null
beforeAll(async () => {
  testDatabase = await openTestDatabase()
})
afterAll(() => testDatabase.close())
beforeEach(async () => {
  nowMs = null
  await testDatabase.database.pool.query('delete from connections')
  await use('gitlab')
})
afterEach(() => double.close())

async function use(provider: ProviderName, accessSeconds = 7200): Promise<void> {
  await (double as OauthDouble | undefined)?.close().catch(() => undefined)
  double = await startOauthDouble({ provider, accessSeconds })
  broker = openBroker(testDatabase.database, double.environment, { now: () => (nowMs ?? Date.now)() })
}

/** As if the person had come back from the provider just now. */
async function connect(ownerId: string, change: Partial<NewConnection> = {}): Promise<Account> {
  const granted = double.grants.issue(double.person)
  await broker.connections.put({
    ownerId,
    provider: double.provider,
    kind: 'oauth',
    account: { id: String(double.person.id), name: double.person.login, avatarUrl: null },
    scopes: ['api'],
    details: {},
    tokens: {
      access: makeSecret(granted.access),
      refresh: granted.refresh === null ? null : makeSecret(granted.refresh),
      expiresAt: granted.expiresAtMs === null ? null : new Date(granted.expiresAtMs).toISOString(),
    },
    ...change,
  })
  return find(ownerId)
}

async function find(ownerId: string): Promise<Account> {
  const account = await broker.accounts.find({ ownerId, provider: double.provider })
  if (account === null) throw new Error(`${ownerId} has no account`)
  return account
}

async function token(account: Account, refused?: string): Promise<string> {
  const answer = await account.token(refused === undefined ? {} : { refused: makeSecret(refused) })
  return answer.ok ? answer.token.reveal() : `${answer.problem}: ${answer.message}`
}

const refreshes = () => double.requests.filter(({ body }) => body.includes('refresh_token')).length
const works = (access: string) => double.grants.find(access) !== null
const inMinutes = (minutes: number) => () => Date.now() + minutes * 60_000

test('a token that is good is given without asking the provider, and its use is noted', async () => {
  const account = await connect('ada')
  const first = await token(account)
  expect(works(first)).toBe(true)
  expect(await token(account)).toBe(first)
  expect(double.requests).toEqual([])
  expect((await broker.connections.list({ ownerId: 'ada', provider: 'gitlab' }))[0]?.usedAt).not.toBe(null)
  expect(broker.learned).toContain(first)
})

test('a token is refreshed two minutes before it runs out, and a short-lived one is not refreshed all the time', async () => {
  const account = await connect('ada')
  const first = await token(account)
  nowMs = inMinutes(117)
  expect(await token(account)).toBe(first)
  nowMs = inMinutes(119)
  expect(await token(account)).not.toBe(first)
  nowMs = null
  await use('gitlab', 60)
  const short = await connect('bea')
  const given = await token(short)
  expect([await token(short), refreshes()]).toEqual([given, 0])
})

test('forty who need a token at the same moment, in one process, cause one refresh', async () => {
  const account = await connect('ada')
  const old = await token(account)
  nowMs = inMinutes(119)
  const all = await Promise.all(Array.from({ length: 40 }, () => token(account)))
  expect(new Set(all).size).toBe(1)
  expect([works(all[0] ?? ''), all[0] === old, refreshes()]).toEqual([true, false, 1])
})

test('three processes that need a token at the same moment cause one refresh', async () => {
  await connect('ada', {
    tokens: {
      access: makeSecret('old'),
      refresh: makeSecret(double.grants.issue(double.person).refresh ?? ''),
      expiresAt: new Date(0).toISOString(),
    },
  })
  const given = JSON.stringify({
    location: testDatabase.location,
    environment: double.environment,
    ownerId: 'ada',
    provider: 'gitlab',
    times: 20,
  })
  const children = [1, 2, 3].map(() => startChild(new URL('ask-tokens.child.ts', import.meta.url), [given]))
  try {
    for (const child of children) expect(await child.next()).toBe('ready')
    // The answer is held back until all have had time to ask.
    const hold = Promise.withResolvers<void>()
    double.fail(/oauth\/token/, { kind: 'held', until: hold.promise })
    for (const child of children) child.say('go')
    setTimeout(() => hold.resolve(), 300)
    const answers = (await Promise.all(children.map((child) => child.next<string[]>()))).flat()
    expect(answers.length).toBe(60)
    expect([new Set(answers).size, works(answers[0] ?? ''), refreshes()]).toEqual([1, true, 1])
    // Had one of them used the old refresh token again, the provider would have revoked everything.
    expect(works(await token(await find('ada')))).toBe(true)
  } finally {
    for (const child of children) child.say('end')
    await Promise.all(children.map((child) => child.exited))
  }
})

test('a token that was answered with 401 is not given again; of many who were refused, one refreshes', async () => {
  const account = await connect('ada')
  const old = await token(account)
  const all = await Promise.all(Array.from({ length: 10 }, () => token(account, old)))
  expect([new Set(all).size, all.includes(old), refreshes()]).toEqual([1, false, 1])
  expect([await token(account, old), refreshes()]).toEqual([all[0], 1])
})

test('what is revoked at the provider becomes a state of the account, not a failure of whoever asks, and ends by connecting again', async () => {
  const account = await connect('ada')
  const old = await token(account)
  double.grants.revokeAll('ada')
  const told = await token(account, old)
  expect(told).toMatch(/^reconnect: GitLab no longer lets in ada\..*revoked\. Reconnect in Settings → Connections\.$/)
  const asked = double.requests.length
  expect(await token(await find('ada'))).toBe(told)
  expect(double.requests.length).toBe(asked)
  expect(works(await token(await connect('ada')))).toBe(true)
})

test.each([
  ['breaks before the answer', { kind: 'status', status: 500 }],
  ['is overloaded', { kind: 'status', status: 503 }],
  ['repeats what was sent', { kind: 'status', status: 500, echoes: true }],
  ['is behind a proxy with a page of its own', { kind: 'status', status: 403 }],
  ['limits requests', { kind: 'status', status: 429 }],
] as const)('a refresh at a server that %s changes nothing: the old token is given while it lasts', async (_name, fault) => {
  const account = await connect('ada')
  const old = await token(account)
  nowMs = inMinutes(119)
  double.fail(/oauth\/token/, fault)
  expect(await token(account)).toBe(old)
  nowMs = inMinutes(121)
  double.fail(/oauth\/token/, fault)
  expect(await token(account)).toMatch(/^network: GitLab answered \d+.*Try again in a minute\.$/)
  expect((await find('ada')).name).toBe('ada')
  expect(works(await token(account))).toBe(true)
  for (const secret of double.grants.all.flatMap(({ access, refresh }) => [access, refresh ?? access]))
    expect(broker.logs.join('\n')).not.toContain(secret)
})

test('a server that is dead says nothing against the account', async () => {
  const account = await connect('ada')
  nowMs = inMinutes(121)
  await double.close()
  expect(await token(account)).toMatch(/^network: GitLab cannot be reached: the connection failed \(ECONNREFUSED\)/)
  expect((await broker.connections.list({ ownerId: 'ada', provider: 'gitlab' }))[0]?.status).toBe('connected')
})

test('when the answer of a refresh is lost the next one decides: a provider that counts the old token as used takes it back', async () => {
  const account = await connect('ada')
  nowMs = inMinutes(121)
  double.fail(/oauth\/token/, { kind: 'lost' })
  expect(await token(account)).toMatch(/^network: /)
  nowMs = inMinutes(122)
  expect(await token(account)).toMatch(/^reconnect: /)
})

test('a client that the provider does not know is the administrator’s matter, and costs nobody their account', async () => {
  await connect('ada')
  const wrong = openBroker(
    testDatabase.database,
    { ...double.environment, GITLAB_CLIENT_SECRET: 'another-secret-0123456789' },
    { now: inMinutes(121) },
  )
  const account = await wrong.accounts.find({ ownerId: 'ada', provider: 'gitlab' })
  expect(await account?.token()).toMatchObject({ ok: false, problem: 'network', message: expect.stringContaining('invalid_client') })
  nowMs = inMinutes(130)
  expect(works(await token(await find('ada')))).toBe(true)
})

test('tokens that came from the provider and could not be stored are used, and stored the next time', async () => {
  const account = await connect('ada')
  nowMs = inMinutes(121)
  await testDatabase.database.pool.query(
    `create function refuse_refresh() returns trigger language plpgsql as $$ begin raise exception 'disk full'; end $$;
     create trigger refuse_refresh before update of sealed_access on connections for each row execute function refuse_refresh()`,
  )
  const got = await token(account)
  await testDatabase.database.pool.query('drop trigger refuse_refresh on connections; drop function refuse_refresh')
  expect(works(got)).toBe(true)
  expect([await token(account), refreshes()]).toEqual([got, 1])
  const other = openBroker(testDatabase.database, double.environment)
  expect(await token((await other.accounts.find({ ownerId: 'ada', provider: 'gitlab' })) as Account)).toBe(got)
})

test('a token without refresh is checked at the provider before its account is called lost', async () => {
  await use('github')
  const personal = double.grants.give(double.person, ['repo'])
  const account = await connect('ada', { kind: 'token', tokens: { access: makeSecret(personal), refresh: null, expiresAt: null } })
  // A mistake of somebody's: the provider still knows the token.
  expect(await token(account, personal)).toBe(personal)
  double.fail(/user/, { kind: 'status', status: 502 })
  expect(await token(account, personal)).toMatch(/^network: /)
  double.grants.revokeAll('ada')
  expect(await token(account, personal)).toMatch(/^reconnect: /)
})

test('Notion, which never says when a token runs out, is refreshed when it refuses one', async () => {
  await use('notion')
  const account = await connect('ada')
  const old = await token(account)
  const next = await token(account, old)
  expect([next === old, works(next), refreshes()]).toEqual([false, true, 1])
})

test('two people with two accounts each get their own and nobody else’s, by any id', async () => {
  const accounts: Account[] = []
  for (const [index, ownerId] of ['ada', 'ada', 'bea', 'bea'].entries()) {
    double.person = { id: index + 1, login: `${ownerId}-${index}` }
    await connect(ownerId)
    const [latest] = await broker.connections.list({ ownerId, provider: 'gitlab' })
    const all = await broker.connections.list({ ownerId, provider: 'gitlab' })
    const mine = all.find(({ accountName }) => accountName === `${ownerId}-${index}`) ?? latest
    accounts.push((await broker.accounts.find({ ownerId, provider: 'gitlab', connectionId: mine?.id ?? '' })) as Account)
  }
  for (const account of accounts) {
    expect(double.grants.find(await token(account))?.person.login).toBe(account.name)
    const foreign = account.ownerId === 'ada' ? 'bea' : 'ada'
    expect(await broker.accounts.find({ ownerId: foreign, provider: 'gitlab', connectionId: account.connectionId })).toBe(null)
    expect(await broker.accounts.find({ ownerId: 'ada', provider: 'github', connectionId: account.connectionId })).toBe(null)
  }
  for (const connectionId of ['', '%', `' or '1'='1`, 'environment-gitlab', '\0'])
    expect(await broker.accounts.find({ ownerId: 'ada', provider: 'gitlab', connectionId })).toBe(null)
  expect(await broker.accounts.find({ ownerId: 'eve', provider: 'gitlab' })).toBe(null)
})

test('a token of the environment is for whoever runs the server, and for nobody else', async () => {
  const given = openBroker(testDatabase.database, { ...double.environment, GITLAB_TOKEN: 'gitlab-environment-token' })
  const account = await given.accounts.find({ ownerId: 'local', provider: 'gitlab' })
  expect(account).toMatchObject({ connectionId: 'environment-gitlab', name: 'GITLAB_TOKEN' })
  expect(await token(account as Account)).toBe('gitlab-environment-token')
  expect(await token(account as Account, 'gitlab-environment-token')).toMatch(/^reconnect: GITLAB_TOKEN is not accepted/)
  expect(await given.accounts.find({ ownerId: 'ada', provider: 'gitlab' })).toBe(null)
  expect(await given.accounts.find({ ownerId: 'ada', provider: 'gitlab', connectionId: 'environment-gitlab' })).toBe(null)
})

test('without the key that closed a token nothing opens, an alert is logged, and the right key brings everything back', async () => {
  const account = await connect('ada')
  const first = await token(account)
  const other = openBroker(testDatabase.database, {
    ...double.environment,
    SLIPWAY_SECRET_KEY: 'another-secret-key-that-is-long-enough-01',
  })
  const closed = (await other.accounts.find({ ownerId: 'ada', provider: 'gitlab' })) as Account
  expect(await token(closed)).toMatch(/^reconnect: The stored GitLab token cannot be read here/)
  expect(other.logs.join()).toContain('SLIPWAY_SECRET_KEY')
  expect(await token(await find('ada'))).toBe(first)
})
