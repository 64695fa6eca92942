import type { EventBody, SessionEvent } from '@slipway/core/events'
import type { LiveBus, LiveMessage } from '@slipway/core/ports'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { message } from '../testing/test-store.ts'
import { openListWatch } from './list-watch.ts'

const heard = new Set<(message: LiveMessage) => void>()
const bus: LiveBus = {
  publish: (said) => heard.forEach((listener) => listener(said)),
  subscribe: (_, listener) => {
    heard.add(listener)
    return () => heard.delete(listener)
  },
}
beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  heard.clear()
})

const changed = (sessionId: string, ...bodies: EventBody[]): void =>
  bus.publish({
    kind: 'events',
    sessionId,
    head: 1,
    events: bodies.map((body, at): SessionEvent => {
      return { id: `${at}`, sessionId, seq: at + 1, version: 1, at: '2026-01-01T00:00:00Z', actor: { kind: 'agent' }, body }
    }),
  })

/** Ada has `a1` and `a2`, Bob `b1`. */
function open(): { told: string[]; leave(): void } {
  const lists = openListWatch({ bus, ownsAny: async (ownerId, ids) => ids.some((id) => id.startsWith(ownerId.slice(0, 1))) })
  const told: string[] = []
  const ends = ['ada', 'bob'].map((ownerId) => lists.watch(ownerId, () => told.push(ownerId)))
  return { told, leave: () => ends.forEach((end) => end()) }
}

test('changes close together are told once, to whose they are', async () => {
  const { told } = open()
  changed('a1', message('x'))
  changed('a2', message('y'))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(told).toEqual(['ada'])
  changed('b1', message('z'))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(told).toEqual(['ada', 'bob'])
})

test('steps that no list shows are not told, what is not known is', async () => {
  const { told } = open()
  changed('a1', { type: 'tool-started', callId: 't', tool: 'bash' })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(told).toEqual([])
  bus.publish({ kind: 'events', sessionId: 'a1', head: 3, events: null })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(told).toEqual(['ada'])
})

test('when the last one leaves, nothing listens any more', async () => {
  const { told, leave } = open()
  changed('a1', message('x'))
  leave()
  await vi.advanceTimersByTimeAsync(1_000)
  expect([heard.size, told]).toEqual([0, []])
})
