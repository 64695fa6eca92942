import { randomBytes } from 'node:crypto'
import { makeSecret } from '@slipway/core/secret'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthorizationAttempts, type AuthorizationAttempt } from './authorization-attempts.ts'
import { createConnections, listConnections, type NewConnection } from './connections.ts'
import { openPersonStore } from './person-store.ts'
import { openSealer } from './seal.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

const key = randomBytes(32)
const sealerOf = (...keys: Buffer[]) => {
  const sealer = openSealer(keys)
  return async () => sealer
}
let testDatabase: TestDatabase
beforeAll(async () => {
  testDatabase = await openTestDatabase()
})
afterAll(() => testDatabase.close())

const pool = () => testDatabase.database.pool
const open = (...keys: Buffer[]) => createConnections(testDatabase.database, sealerOf(...(keys.length === 0 ? [key] : keys)))

const wanted = (ownerId: string, change: Partial<NewConnection> = {}): NewConnection => ({
  ownerId,
  provider: 'gitlab',
  kind: 'oauth',
  account: { id: '7', name: `${ownerId}-at-gitlab`, avatarUrl: null },
  scopes: ['api'],
  details: { team: 'blue' },
  tokens: {
    access: makeSecret(`access of ${ownerId}`),
    refresh: makeSecret(`refresh of ${ownerId}`),
    expiresAt: '2030-01-01T00:00:00.000Z',
  },
  ...change,
})

function revealed(held: Awaited<ReturnType<ReturnType<typeof open>['read']>>) {
  if (!held?.tokens.ok) return held?.tokens ?? null
  const { access, refresh, expiresAt } = held.tokens.tokens
  return [access.reveal(), refresh?.reveal() ?? null, expiresAt]
}

test('an account is kept with its tokens sealed, and connecting it again replaces them and nothing else', async () => {
  const connections = open()
  const first = await connections.put(wanted('ada'))
  expect(first).toMatchObject({
    ownerId: 'ada',
    provider: 'gitlab',
    accountName: 'ada-at-gitlab',
    scopes: ['api'],
    details: { team: 'blue' },
    status: 'connected',
  })
  expect(revealed(await connections.read({ ownerId: 'ada', id: first.id }))).toEqual([
    'access of ada',
    'refresh of ada',
    '2030-01-01T00:00:00.000Z',
  ])
  const { rows } = await pool().query<{ text: string }>(`select c::text as text from connections c`)
  expect(rows.map(({ text }) => text).join()).not.toContain(Buffer.from('access of ada').toString('hex'))

  const anew = wanted('ada', { tokens: { access: makeSecret('new'), refresh: null, expiresAt: null } })
  const [one, other] = await Promise.all([connections.put(anew), open().put(anew)])
  expect([one.id, other.id]).toEqual([first.id, first.id])
  expect(revealed(await connections.read({ ownerId: 'ada', id: first.id }))).toEqual(['new', null, null])
  const raced = await Promise.all([1, 2, 3].map(() => connections.put(wanted('zoe'))))
  expect(new Set(raced.map(({ id }) => id)).size).toBe(1)
})

test('what belongs to somebody else is not there, by any id', async () => {
  const connections = open()
  const { id } = await connections.put(wanted('bea'))
  expect(await connections.read({ ownerId: 'eve', id })).toBe(null)
  expect(await connections.alone({ ownerId: 'eve', id }, async () => ({ change: { type: 'disconnected' }, result: 1 }))).toBe(null)
  expect(await connections.list({ ownerId: 'eve', provider: 'gitlab' })).toEqual([])
  const eve = openPersonStore(pool(), 'eve')
  expect(await listConnections(eve, 'bea')).toEqual([])
  const bea = openPersonStore(pool(), 'bea')
  expect((await listConnections(bea, 'bea')).map((found) => found.id)).toEqual([id])
  for (const text of [
    'select sealed_access from connections',
    'select sealed_refresh from connections',
    'select * from authorization_attempts',
  ])
    await expect(bea.query(text), text).rejects.toMatchObject({ code: '42501' })
  for (const text of [`update connections set status = 'reconnect'`, 'delete from connections'])
    await expect(bea.query(text), text).rejects.toMatchObject({ code: '42501' })
})

test('a sealed token that was moved to another owner, or changed, does not open', async () => {
  const connections = open()
  const [cleo, dan] = [await connections.put(wanted('cleo')), await connections.put(wanted('dan'))]
  await pool().query(
    `update connections set sealed_access = (select sealed_access from connections where id = $1), sealed_refresh = (select sealed_refresh from connections where id = $1) where id = $2`,
    [cleo.id, dan.id],
  )
  expect(revealed(await connections.read({ ownerId: 'dan', id: dan.id }))).toEqual({ ok: false, problem: 'broken' })
  // The two of one row cannot stand for each other either.
  await pool().query('update connections set sealed_access = sealed_refresh where id = $1', [cleo.id])
  expect(revealed(await connections.read({ ownerId: 'cleo', id: cleo.id }))).toEqual({ ok: false, problem: 'broken' })
  expect(revealed(await open(randomBytes(32)).read({ ownerId: 'dan', id: dan.id }))).toEqual({ ok: false, problem: 'unknown-key' })
})

test('with a new key all tokens are brought under it, and the old one can go', async () => {
  await pool().query('delete from connections')
  const [next, later] = [randomBytes(32), randomBytes(32)]
  const { id } = await open().put(wanted('fay'))
  await open().put(wanted('gus', { tokens: { access: makeSecret('plain'), refresh: null, expiresAt: null } }))
  expect(await open(next, key).rewrap()).toEqual({ rewrapped: 2, unreadable: 0 })
  expect(await open(next, key).rewrap()).toEqual({ rewrapped: 0, unreadable: 0 })
  expect(revealed(await open(next).read({ ownerId: 'fay', id }))).toEqual(['access of fay', 'refresh of fay', '2030-01-01T00:00:00.000Z'])
  expect(await open(later).rewrap()).toEqual({ rewrapped: 0, unreadable: 2 })
})

test('of many who want to change a connection one does at a time, and each sees what the one before left', async () => {
  const [one, other] = [open(), open()]
  const { id } = await open().put(wanted('hal', { tokens: { access: makeSecret('0'), refresh: null, expiresAt: null } }))
  let inside = 0
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? one : other).alone({ ownerId: 'hal', id }, async (held) => {
        expect(++inside).toBe(1)
        await new Promise((resolve) => setImmediate(resolve))
        inside--
        const count = held.tokens.ok ? Number(held.tokens.tokens.access.reveal()) : NaN
        return {
          change: { type: 'refreshed', tokens: { access: makeSecret(String(count + 1)), refresh: null, expiresAt: null } },
          result: null,
        }
      }),
    ),
  )
  expect(revealed(await open().read({ ownerId: 'hal', id }))).toEqual(['20', null, null])
})

test('a change that fails changes nothing and keeps nobody waiting', async () => {
  const { id } = await open().put(wanted('ivy'))
  const failed = open().alone({ ownerId: 'ivy', id }, async () => {
    throw new Error('no')
  })
  await expect(failed).rejects.toThrow('no')
  expect(await open().alone({ ownerId: 'ivy', id }, async () => ({ change: { type: 'lost', reason: 'gone' }, result: 'done' }))).toBe(
    'done',
  )
  expect((await open().read({ ownerId: 'ivy', id }))?.connection).toMatchObject({ status: 'reconnect', reason: 'gone' })
})

test('a disconnected account has no tokens any more, is in no list, and comes back by connecting it again', async () => {
  const connections = open()
  const { id } = await connections.put(wanted('jon'))
  await connections.alone({ ownerId: 'jon', id }, async () => ({ change: { type: 'disconnected' }, result: null }))
  expect(await connections.read({ ownerId: 'jon', id })).toBe(null)
  expect(await connections.list({ ownerId: 'jon', provider: 'gitlab' })).toEqual([])
  const { rows } = await pool().query('select status, sealed_access, sealed_refresh from connections where id = $1', [id])
  expect(rows).toEqual([{ status: 'disconnected', sealed_access: null, sealed_refresh: null }])
  expect(await connections.put(wanted('jon'))).toMatchObject({ id, status: 'connected' })
})

test('the one to use first is connected, and was used or connected last', async () => {
  const connections = open()
  const ids: string[] = []
  for (const account of ['1', '2', '3'])
    ids.push((await connections.put(wanted('kim', { account: { id: account, name: account, avatarUrl: null } }))).id)
  const [one = '', two = '', three = ''] = ids
  await connections.noteUse(two)
  await connections.noteUse(one)
  await connections.alone({ ownerId: 'kim', id: one }, async () => ({ change: { type: 'lost', reason: 'gone' }, result: null }))
  expect((await connections.list({ ownerId: 'kim', provider: 'gitlab' })).map(({ id }) => id)).toEqual([two, three, one])
  await connections.put(wanted('kim', { account: { id: '3', name: '3', avatarUrl: null } }))
  expect((await connections.list({ ownerId: 'kim', provider: 'gitlab' })).map(({ id }) => id)).toEqual([three, two, one])
})

const attempt: Omit<AuthorizationAttempt, 'verifier'> = {
  ownerId: 'ada',
  personId: 'p1',
  credentialId: 's1',
  provider: 'github',
  redirectAddress: 'http://127.0.0.1:3000/api/integrations/github/callback',
  returnPath: '/settings#connections',
}

test('whoever was sent to a provider comes back once, with the state that was given, within ten minutes', async () => {
  const attempts = createAuthorizationAttempts(pool(), sealerOf(key))
  const state = await attempts.begin({ ...attempt, verifier: makeSecret('a verifier') })
  const { rows } = await pool().query<{ text: string }>('select a::text as text from authorization_attempts a')
  expect(rows[0]?.text).not.toContain(state)
  expect(await attempts.take(`${state}x`)).toBe(null)
  const taken = await Promise.all([attempts.take(state), attempts.take(state), attempts.take(state)])
  const got = taken.filter((one) => one !== null)
  expect(got.map(({ verifier, ...rest }) => [rest, verifier.reveal()])).toEqual([[attempt, 'a verifier']])

  const late = await attempts.begin({ ...attempt, verifier: makeSecret('a verifier') })
  await pool().query(`update authorization_attempts set expires_at = clock_timestamp()`)
  expect(await attempts.take(late)).toBe(null)
})
