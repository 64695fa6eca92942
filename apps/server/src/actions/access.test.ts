import type { EventLog } from '@slipway/core/ports'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { message, openTestStore, type TestStore } from '../testing/test-store.ts'
import { loadSession, loadState } from './access.ts'
import { openSessionStates } from './session-states.ts'

let db: TestStore
beforeAll(async () => {
  db = await openTestStore()
})
afterAll(() => db.close())

test('a second look reads only what is new, and comes to the same state', async () => {
  const sessionId = await db.create()
  const reads: number[] = []
  const read: EventLog['read'] = (input) => {
    reads.push(input.after)
    return db.ports.log.read(input)
  }
  const ports = { ...db.ports, log: { ...db.ports.log, read }, states: openSessionStates() }
  for (let look = 0; look < 3; look++) {
    const { state, createdAt, updatedAt } = await loadState(ports, sessionId)
    const whole = await loadSession(db.ports, sessionId)
    expect({ state, createdAt, updatedAt }).toEqual({ state: whole.state, createdAt: whole.createdAt, updatedAt: whole.updatedAt })
    if (look < 2) await db.append(sessionId, [message(`look ${look}`)])
  }
  expect(reads).toEqual([0, 1, 2])
})

test('a state that is known is not told to somebody else', async () => {
  const sessionId = await db.create()
  const states = openSessionStates()
  await loadState({ ...db.ports, states }, sessionId)
  const stranger = { id: 'bob', ownerId: 'bob' }
  await expect(loadState({ ...db.ports, states, person: stranger }, sessionId)).rejects.toThrow('There is no session')
})

test('a long log is read a page at a time, and once for everybody who asks meanwhile', async () => {
  const sessionId = await db.create()
  await db.append(
    sessionId,
    Array.from({ length: 2_300 }, (_, at) => message(`line ${at}`)),
  )
  const reads: number[] = []
  const read: EventLog['read'] = (input) => {
    reads.push(input.after)
    return db.ports.log.read(input)
  }
  const ports = { ...db.ports, log: { ...db.ports.log, read }, states: openSessionStates() }
  const looks = await Promise.all([loadState(ports, sessionId), loadState(ports, sessionId)])
  const whole = await loadSession(db.ports, sessionId)
  for (const { state, createdAt, updatedAt } of looks)
    expect({ state, createdAt, updatedAt }).toEqual({ state: whole.state, createdAt: whole.createdAt, updatedAt: whole.updatedAt })
  const head = whole.state.head
  // The second one looks only whether there is more.
  expect(reads).toEqual([0, 1_000, 2_000, head])
})
