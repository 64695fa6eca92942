import type { EventBody } from '@slipway/core/events'
import type { LiveMessage } from '@slipway/core/ports'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestStore, type TestStore } from '../testing/test-store.ts'
import { openDeltaMemory, type DeltaMemory } from './delta-memory.ts'

let db: TestStore
let deltas: DeltaMemory
let heard: (message: LiveMessage) => void = () => undefined
beforeAll(async () => {
  db = await openTestStore()
  const bus = { publish: () => undefined, subscribe: (_: string | null, listener: typeof heard) => ((heard = listener), () => undefined) }
  deltas = openDeltaMemory(bus, { read: db.store.log.read })
})
afterAll(() => db.close())

const finished = (callId: string): EventBody => ({
  type: 'tool-finished',
  callId,
  ok: true,
  output: '',
  blob: null,
  ms: 1,
  changed: false,
  problem: null,
  facts: {},
})

test('a call that another process finished is forgotten, one that runs on is not', async () => {
  const sessionId = await db.create()
  for (const callId of ['one', 'two']) heard({ kind: 'delta', delta: { sessionId, callId, channel: 'output', offset: 0, text: 'x' } })
  const events = await db.append(sessionId, [finished('one')])
  heard({ kind: 'events', sessionId, head: events.at(-1)?.seq ?? 0, events: null })
  await expect.poll(() => deltas.recall(sessionId).map(({ callId }) => callId)).toEqual(['two'])
  const later = await db.append(sessionId, [finished('two')])
  heard({ kind: 'events', sessionId, head: later.at(-1)?.seq ?? 0, events: null })
  await expect.poll(() => deltas.recall(sessionId)).toEqual([])
})

test('what a session waits for is known to whoever joins, until the event that ends the wait', async () => {
  const sessionId = await db.create()
  const wait = (phase: string, text: string, startedAt: string) =>
    heard({ kind: 'progress', progress: { sessionId, phase, text, startedAt, deadlineAt: null } })
  wait('workspace', 'starting the sandbox', 'first')
  wait('setup', 'setting up', 'second')
  // What it prints is part of the same wait.
  wait('setup', 'unpacking', 'third')
  expect(deltas.awaited(sessionId)).toEqual([
    { phase: 'workspace', text: 'starting the sandbox', startedAt: 'first', deadlineAt: null },
    { phase: 'setup', text: 'unpacking', startedAt: 'second', deadlineAt: null },
  ])
  const started: EventBody = { type: 'sandbox-started', backend: 'docker', sandboxId: 's', restoredFrom: 'b', ms: 1 }
  const events = await db.append(sessionId, [started])
  heard({ kind: 'events', sessionId, head: events.at(-1)?.seq ?? 0, events })
  expect(deltas.awaited(sessionId).map(({ phase }) => phase)).toEqual(['setup'])
})
