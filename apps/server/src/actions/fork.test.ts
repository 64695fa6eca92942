import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventBody } from '@slipway/core/events'
import { localPerson } from '../auth/person.ts'
import { openTestStore, type TestStore } from '../testing/test-store.ts'
import { fork } from './fork.ts'

let db: TestStore
beforeAll(async () => {
  db = await openTestStore()
})
afterAll(() => db.close())

const prepared: EventBody = { type: 'repository-prepared', baseBranch: 'main', baseOid: 'a'.repeat(40), branch: 'slipway/x', ms: 1 }
const kept = (checkpoint: string): EventBody => ({ type: 'checkpoint-created', checkpoint, treeHash: checkpoint, callId: null, ms: 1 })

test('a fork of a session that has taken the base in begins at that commit of the base, where its tree has it', async () => {
  const sessionId = await db.create({})
  await db.append(sessionId, [
    prepared,
    { type: 'sandbox-started', backend: 'bubblewrap', sandboxId: 'x', restoredFrom: 'a', ms: 1 },
    kept('t0'),
    kept('t1'),
    { type: 'base-taken-in', base: 'main', baseOid: 'b'.repeat(40), checkpoint: 't1', conflicts: [] },
  ])
  const baseOf = async (atSeq: number, copied: boolean): Promise<string> => {
    const sandboxes = { copyCheckpoints: async () => copied }
    const ports = { ...db.ports, log: db.store.log, sandboxes, person: localPerson }
    const id = await fork(ports, { sessionId, atSeq, model: null, wake: 'no' })
    const body = (await db.store.log.read({ sessionId: id, after: 0 })).find((event) => event.body.type === 'repository-prepared')?.body
    return body?.type === 'repository-prepared' ? body.baseOid.slice(0, 1) : ''
  }
  expect([await baseOf(6, true), await baseOf(4, true), await baseOf(6, false)]).toEqual(['b', 'a', 'a'])
})
