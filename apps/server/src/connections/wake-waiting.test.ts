import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventBody } from '@slipway/core/events'
import type { Ports } from '@slipway/core/ports'
import { openTestStore, type TestStore } from '../testing/test-store.ts'
import { wakeOnce } from './wake-waiting.ts'

let db: TestStore
beforeAll(async () => {
  db = await openTestStore()
})
afterAll(() => db.close())

const refused = (guard: 'account' | 'model'): EventBody[] => [
  { type: 'guard-tripped', guard, action: 'park', reason: 'GitHub refused the token. Reconnect in Settings → Connections.' },
  {
    type: 'human-asked',
    askId: 'ask-1',
    kind: 'continue',
    question: 'Reconnect.',
    options: ['approve', 'reject'],
    callId: null,
    effect: null,
    expiresAt: null,
  },
]

async function parked(guard: 'account' | 'model', forge: 'github' | 'gitlab', ownerId?: string): Promise<string> {
  const repository = { url: `https://${forge}.com/acme/clock`, forge, slug: 'acme/clock', base: null }
  const id = await db.create({ repository, ...(ownerId === undefined ? {} : { ownerId }) })
  await db.append(id, refused(guard))
  return id
}

const connect = (status: string, offset: string) =>
  db.store.database.pool.query(
    `insert into connections (id, owner_id, provider, kind, account_id, account_name, status, sealed_access, connected_at)
     values (gen_random_uuid()::text, 'local', 'github', 'token', gen_random_uuid()::text, 'ada', $1, 'x', clock_timestamp() + $2::interval)`,
    [status, offset],
  )
const wake = () => {
  const { log } = db.store
  const ports = { ...db.ports, log } as unknown as Ports // what is used of them
  return wakeOnce({ store: db.store, ports, logger: pino({ level: 'silent' }) })
}
const last = async (id: string) => (await db.store.log.read({ sessionId: id, after: 0 })).at(-1)?.body.type

test('sessions that wait for an account go on when it is connected again, and no others', async () => {
  const mine = await parked('account', 'github')
  const others = [await parked('model', 'github'), await parked('account', 'gitlab'), await parked('account', 'github', 'somebody-else')]
  await connect('connected', '-1 hour')
  await connect('reconnect', '1 hour')
  expect(await wake()).toBe(0)
  await connect('connected', '1 minute')
  expect((await Promise.all([wake(), wake()])).reduce((sum, count) => sum + count, 0)).toBe(1)
  expect(await last(mine)).toBe('human-answered')
  expect(await Promise.all(others.map(last))).toEqual(others.map(() => 'human-asked'))
  expect(await db.store.sessions.get(mine)).toMatchObject({ status: 'running', wakeAt: expect.any(String) })
  // It is refused once more: that is for the person again.
  await db.store.database.pool.query(`update connections set connected_at = clock_timestamp() - interval '1 minute'`)
  await db.append(mine, refused('account'))
  expect(await wake()).toBe(0)
})
