import { randomUUID } from 'node:crypto'
import type { Delta, LiveMessage } from '@slipway/core/ports'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createStore, type Store } from './store.ts'
import { createSession, newEvent, userMessage } from './testing/events.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

// Two buses on one database behave as two processes: they share nothing but NOTIFY.
let testDatabase: TestDatabase
let here: Store
let there: Store

beforeAll(async () => {
  testDatabase = await openTestDatabase()
})
afterAll(() => testDatabase.close())
beforeEach(() => {
  here = createStore(testDatabase.database)
  there = createStore(testDatabase.database)
})
afterEach(async () => {
  await here.bus.close()
  await there.bus.close()
})

function collect(store: Store, sessionId: string | null): LiveMessage[] {
  const messages: LiveMessage[] = []
  store.bus.subscribe(sessionId, (message) => messages.push(message))
  return messages
}

const delta = (text: string, offset: number, changes: Partial<Delta> = {}): LiveMessage => ({
  kind: 'delta',
  delta: { sessionId: 's', callId: 'c', channel: 'text', offset, text, ...changes },
})

/** What a viewer shows: each text written at its offset. */
function shown(messages: LiveMessage[]): string {
  let text = ''
  for (const message of messages) {
    if (message.kind === 'delta') text = text.slice(0, message.delta.offset) + message.delta.text
  }
  return text
}

/** Notifications keep their order, so after this everything that `from` published before has arrived. */
async function untilArrived(from: Store, messages: LiveMessage[], sessionId: string): Promise<void> {
  const marker = randomUUID()
  from.bus.publish({ kind: 'progress', progress: { sessionId, phase: marker, text: '', startedAt: '', deadlineAt: null } })
  const isMarker = (message: LiveMessage) => message.kind === 'progress' && message.progress.phase === marker
  await expect.poll(() => messages.some(isMarker)).toBe(true)
  messages.splice(messages.findIndex(isMarker), 1)
}

test('inside a process a message arrives at once, and only to those it concerns', () => {
  const [mine, foreign, all] = [collect(here, 's'), collect(here, 'other'), collect(here, null)]
  here.bus.publish(delta('a', 0))
  expect([mine, foreign, all]).toEqual([[delta('a', 0)], [], [delta('a', 0)]])
})

test('after unsubscribing nothing arrives', () => {
  const messages: LiveMessage[] = []
  const unsubscribe = here.bus.subscribe('s', (message) => messages.push(message))
  unsubscribe()
  unsubscribe()
  here.bus.publish(delta('a', 0))
  expect(messages).toEqual([])
})

test('a listener that throws does not keep the message from the others', async () => {
  const warning = new Promise<Error>((resolve) => process.once('warning', resolve))
  here.bus.subscribe('s', () => {
    throw new Error('bug in a viewer')
  })
  const messages = collect(here, 's')
  here.bus.publish(delta('a', 0))
  expect(messages).toHaveLength(1)
  expect((await warning).message).toBe('bug in a viewer')
})

test('an append is told to other processes as the new head, and to its own with the events, once each', async () => {
  const id = await createSession(here.log)
  const [near, far] = [collect(here, id), collect(there, id)]
  await Promise.all([here.bus.ready(), there.bus.ready()])
  await untilArrived(here, far, id)
  await untilArrived(there, near, id)
  near.length = far.length = 0
  await here.log.append({
    sessionId: id,
    events: [newEvent(userMessage('a')), newEvent(userMessage('b'))],
    expectedSeq: 1,
    lease: null,
    wake: 'now',
  })
  await untilArrived(here, far, id)
  expect(far).toEqual([
    { kind: 'events', sessionId: id, head: 3, events: null },
    { kind: 'wake', sessionId: id },
  ])
  await untilArrived(there, near, id)
  expect(near.filter((message) => message.kind !== 'progress')).toEqual([
    expect.objectContaining({ kind: 'events', head: 3, events: expect.any(Array) }),
    { kind: 'wake', sessionId: id },
  ])
})

test('streams of several calls come together again elsewhere, in few packs', async () => {
  const far = collect(there, 's')
  await there.bus.ready()
  let packs = 0
  const client = await testDatabase.database.connect()
  client.on('notification', () => {
    packs += 1
  })
  await client.query('listen slipway_live')
  for (let offset = 0; offset < 500; offset += 1) {
    here.bus.publish(delta(String(offset % 10), offset))
    here.bus.publish(delta('x', offset, { callId: 'other' }))
  }
  await here.bus.close()
  const shownOf = (callId: string) => shown(far.filter((message) => message.kind === 'delta' && message.delta.callId === callId))
  await expect.poll(() => [shownOf('c'), shownOf('other')]).toEqual(['0123456789'.repeat(50), 'x'.repeat(500)])
  expect(packs).toBeLessThanOrEqual(2)
  await client.end()
})

test('text larger than a notification arrives whole, pairs of surrogates unbroken', async () => {
  const far = collect(there, 's')
  await there.bus.ready()
  const text = `${'😀'.repeat(5_001)}\0"\\\n${'ä'.repeat(5_000)}`
  here.bus.publish(delta(text, 0))
  await expect.poll(() => shown(far)).toBe(text)
  expect(far.length).toBeGreaterThan(3)
  for (const message of far) expect(message.kind === 'delta' && message.delta.text.isWellFormed()).toBe(true)
})

test('a viewer whose connection broke is told the heads once it listens again', async () => {
  const id = await createSession(here.log)
  const far = collect(there, id)
  await there.bus.ready()
  far.length = 0
  await testDatabase.database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%' and datname = current_database()`,
  )
  await here.log.append({ sessionId: id, events: [newEvent(userMessage('missed'))], expectedSeq: 1, lease: null, wake: 'no' })
  await expect.poll(() => far).toContainEqual({ kind: 'events', sessionId: id, head: 2, events: null })
})

test('whoever subscribes and then reads misses nothing, however early the append was', async () => {
  const id = await createSession(here.log)
  const far = collect(there, id)
  await here.log.append({ sessionId: id, events: [newEvent(userMessage('early'))], expectedSeq: 1, lease: null, wake: 'no' })
  await expect.poll(() => far.map((message) => message.kind === 'events' && message.head)).toContain(2)
})

test('a message between processes takes tens of milliseconds at most', async () => {
  const far = collect(there, 's')
  await there.bus.ready()
  const delays: number[] = []
  for (let turn = 0; turn < 20; turn += 1) {
    const before = far.length
    const sentAt = performance.now()
    here.bus.publish(delta('x', turn))
    while (far.length === before) await sleep(1)
    delays.push(performance.now() - sentAt)
  }
  // The fastest of them: others wait for the machine.
  expect(Math.min(...delays)).toBeLessThan(100)
})
