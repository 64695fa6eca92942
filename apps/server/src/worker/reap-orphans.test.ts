import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Sandboxes } from '@slipway/core/ports'
import { message, openTestStore, type TestStore } from '../testing/test-store.ts'
import { reapOrphans } from './reap-orphans.ts'

let db: TestStore
beforeAll(async () => {
  db = await openTestStore()
})
afterAll(() => db.close())

/** Workspaces as a machine lists them, and what was found to be nobody's. */
async function orphansAmong(listing: () => Promise<string[]>): Promise<string[]> {
  let found: string[] = []
  const reap: Sandboxes['reap'] = async (findOrphans) => (found = await findOrphans(await listing())).length
  await reapOrphans({ store: db.store, sandboxes: { reap } as Sandboxes })
  return found
}

test('the work tree of a session that is created while the sandboxes open is kept', async () => {
  const early = await db.create()
  expect(await orphansAmong(async () => ['verify-1', early, await db.create()])).toEqual(['verify-1'])
})

test('nothing is removed while a session is driven', async () => {
  await db.append(await db.create(), [message('hello')], 'now')
  const lease = await db.store.leases.claim({ workerId: 'worker-1', leaseMs: 60_000 })
  expect(lease).not.toBeNull()
  expect(await orphansAmong(async () => ['verify-1'])).toEqual([])
})
