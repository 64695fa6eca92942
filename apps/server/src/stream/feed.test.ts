import type { SessionEvent } from '@slipway/core/events'
import type { EventLog } from '@slipway/core/ports'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { message, openTestStore, type TestStore } from '../testing/test-store.ts'
import { openDeltaMemory } from './delta-memory.ts'
import { openFeed, type FeedInput, type FeedMessage } from './feed.ts'

let test_: TestStore
beforeAll(async () => {
  test_ = await openTestStore()
})
afterAll(() => test_.close())

interface Watcher {
  messages: FeedMessage[]
  seqs(): number[]
  until(seq: number): Promise<void>
  feed: ReturnType<typeof openFeed>
}

function watch(sessionId: string, change: Partial<FeedInput> = {}): Watcher {
  const messages: FeedMessage[] = []
  const waiting: { seq: number; done(): void }[] = []
  const seqs = (): number[] => messages.flatMap((sent) => (sent.type === 'event' ? [sent.event.seq] : []))
  const feed = openFeed({
    ...test_.ports,
    deltas: null,
    sessionId,
    after: 0,
    pressure: null,
    failed: (error) => {
      throw error
    },
    send(sent) {
      messages.push(sent)
      const last = seqs().at(-1) ?? 0
      for (const { seq, done } of waiting) if (seq <= last) done()
    },
    ...change,
  })
  return {
    messages,
    seqs,
    feed,
    until: (seq) => new Promise((done) => ((seqs().at(-1) ?? 0) >= seq ? done() : waiting.push({ seq, done }))),
  }
}

const upTo = (count: number, from = 1): number[] => Array.from({ length: count - from + 1 }, (_, at) => at + from)

test('a viewer that joins while events are written gets each exactly once, in order', async () => {
  const sessionId = await test_.create()
  const writing = (async () => {
    for (let at = 0; at < 150; at++) await test_.append(sessionId, [message(`before ${at}`), message(`and ${at}`)])
  })()
  const viewers = []
  for (let at = 0; at < 8; at++) {
    viewers.push(watch(sessionId))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await writing
  await Promise.all(viewers.map((viewer) => viewer.until(301)))
  for (const viewer of viewers) {
    expect(viewer.seqs()).toEqual(upTo(301))
    viewer.feed.close()
  }
})

test('a viewer that leaves and comes back again and again misses and repeats nothing', async () => {
  const sessionId = await test_.create()
  const writing = (async () => {
    for (let at = 0; at < 200; at++) await test_.append(sessionId, [message(String(at))])
  })()
  const seen: number[] = []
  while ((seen.at(-1) ?? 0) < 201) {
    const viewer = watch(sessionId, { after: seen.at(-1) ?? 0 })
    await viewer.until(Math.min(201, (seen.at(-1) ?? 0) + 23))
    viewer.feed.close()
    seen.push(...viewer.seqs())
  }
  await writing
  expect(seen).toEqual(upTo(201))
})

test('an announcement without events makes the viewer read them', async () => {
  const sessionId = await test_.create()
  const listeners: ((message: Parameters<Parameters<FeedInput['bus']['subscribe']>[1]>[0]) => void)[] = []
  const bus: FeedInput['bus'] = { publish: () => undefined, subscribe: (_, listener) => (listeners.push(listener), () => undefined) }
  const viewer = watch(sessionId, { bus })
  await viewer.until(1)
  await test_.append(sessionId, [message('one'), message('two')])
  for (const listener of listeners) listener({ kind: 'events', sessionId, head: 3, events: null })
  await viewer.until(3)
  expect(viewer.seqs()).toEqual([1, 2, 3])
  viewer.feed.close()
})

test('events that arrive out of order, twice or with a gap are put right from the log', async () => {
  const sessionId = await test_.create()
  const events = await test_.append(sessionId, [message('one'), message('two'), message('three')])
  const listeners: ((message: Parameters<Parameters<FeedInput['bus']['subscribe']>[1]>[0]) => void)[] = []
  const bus: FeedInput['bus'] = { publish: () => undefined, subscribe: (_, listener) => (listeners.push(listener), () => undefined) }
  const hidden: EventLog = {
    ...test_.ports.log,
    read: async (input) => (await test_.ports.log.read(input)).filter((event) => event.seq <= visible),
  }
  let visible = 1
  const viewer = watch(sessionId, { bus, log: hidden })
  await viewer.until(1)
  await new Promise((resolve) => setTimeout(resolve, 20))
  visible = 4
  const announce = (...sent: (SessionEvent | undefined)[]): void => {
    const given = sent.filter((event) => event !== undefined)
    for (const listener of listeners) listener({ kind: 'events', sessionId, head: given.at(-1)?.seq ?? 0, events: given })
  }
  announce(events[2])
  announce(events[0])
  announce(events[0], events[1])
  await viewer.until(4)
  expect(viewer.seqs()).toEqual([1, 2, 3, 4])
  viewer.feed.close()
})

test('who joins in the middle of an answer gets its beginning, and who reads slowly gets the text again', async () => {
  const sessionId = await test_.create()
  const deltas = openDeltaMemory(test_.ports.bus)
  const say = (offset: number, text: string): void =>
    test_.ports.bus.publish({ kind: 'delta', delta: { sessionId, callId: 'c1', channel: 'text', offset, text } })
  say(0, 'Hello ')
  say(6, 'wor')
  let isFull = false
  const viewer = watch(sessionId, { deltas, pressure: { isFull: () => isFull, drained: async () => undefined } })
  await viewer.until(1)
  await new Promise((resolve) => setTimeout(resolve, 20))
  isFull = true
  say(9, 'ld')
  isFull = false
  say(11, '!')
  const texts = viewer.messages.flatMap((sent) => (sent.type === 'delta' ? [sent.delta] : []))
  expect(texts.reduce((text, delta) => text.slice(0, delta.offset) + delta.text, '')).toBe('Hello world!')
  expect(texts[0]).toEqual({ callId: 'c1', channel: 'text', offset: 0, text: 'Hello wor' })
  await test_.append(sessionId, [
    {
      type: 'model-responded',
      callId: 'c1',
      content: [],
      finish: 'stop',
      usage: noUsage,
      costMicros: 0,
      priceBook: 'x',
      firstTokenMs: 1,
      ms: 1,
    },
  ])
  expect(deltas.recall(sessionId)).toEqual([])
  deltas.close()
  viewer.feed.close()
})

const noUsage = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }
