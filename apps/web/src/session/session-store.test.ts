import type { EventBody, SessionEvent } from '@slipway/core/events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Following, SessionSource } from './session-source.ts'
import { openSessionStore, type SessionStore } from './session-store.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function event(seq: number, body: EventBody = { type: 'user-message', text: String(seq), mode: 'steer' }): SessionEvent {
  return { id: `e${seq}`, sessionId: 's', seq, at: '2026-01-01T00:00:00.000Z', version: 1, actor: { kind: 'agent' }, body }
}

const upTo = (count: number): SessionEvent[] => Array.from({ length: count }, (_, at) => event(at + 1))
const answered = (callId: string, text: string): EventBody => ({
  type: 'model-responded',
  callId,
  content: [{ type: 'text', text }],
  finish: 'stop',
  usage: { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 },
  costMicros: 0,
  priceBook: 'unknown',
  firstTokenMs: 1,
  ms: 1,
})

interface Bench {
  store: SessionStore
  /** What the stream sends on the line that is open now. */
  line(): Following
  lines: number[]
  seqs(): number[]
}

async function open(log: SessionEvent[], change: Partial<SessionSource> = {}): Promise<Bench> {
  const lines: number[] = []
  const open_: Following[] = []
  const source: SessionSource = {
    readPage: async ({ before, limit }) => ({ events: log.filter(({ seq }) => seq < before).slice(-limit), head: log.length }),
    follow(after, following) {
      lines.push(after)
      open_.push(following)
      return () => undefined
    },
    ...change,
  }
  const store = openSessionStore({ sessionId: 's', source, pageSize: 10, olderPageSize: 10 })
  await vi.advanceTimersByTimeAsync(0)
  return { store, lines, line: () => open_.at(-1) as Following, seqs: () => store.getEvents().map(({ seq }) => seq) }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at)

test('it opens with the newest page and follows the stream from its end', async () => {
  const { store, line, lines, seqs } = await open(upTo(25))
  expect(seqs()).toEqual(range(16, 25))
  expect(lines).toEqual([25])
  line().onEvent(event(26))
  await vi.advanceTimersByTimeAsync(50)
  expect(seqs()).toEqual(range(16, 26))
  expect(store.getHead()).toBe(26)
})

test('older pages join on until the first event is there', async () => {
  const { store, line, seqs } = await open(upTo(25))
  line().onEvent(event(26))
  expect(await store.loadOlder()).toBe(true)
  expect(seqs().slice(0, 2)).toEqual([6, 7])
  expect(store.hasOlder()).toBe(true)
  await Promise.all([store.loadOlder(), store.loadOlder()])
  await vi.advanceTimersByTimeAsync(50)
  expect(seqs()).toEqual(range(1, 26))
  expect(store.hasOlder()).toBe(false)
  expect(await store.loadOlder()).toBe(false)
})

test('whoever asks for the next page as soon as it hears of the last one gets it, each page once', async () => {
  const asked: number[] = []
  const log = upTo(45)
  const { store, seqs } = await open(log, {
    readPage: async ({ before, limit }) => {
      asked.push(before)
      return { events: log.filter(({ seq }) => seq < before).slice(-limit), head: log.length }
    },
  })
  store.subscribe(() => {
    void store.loadOlder()
    void store.loadOlder()
  })
  await store.loadOlder()
  await vi.advanceTimersByTimeAsync(0)
  expect(seqs()).toEqual(range(1, 45))
  expect(asked.slice(1)).toEqual([36, 26, 16, 6])
})

test('each load of older pages brings twice as much as the one before, and costs one rendering', async () => {
  const { store, seqs } = await open(upTo(200))
  let renderings = 0
  store.subscribe(() => renderings++)
  const firsts: (number | undefined)[] = []
  while (await store.loadOlder()) firsts.push(seqs()[0])
  expect(firsts).toEqual([181, 161, 121, 41, 1])
  expect(renderings).toBe(5)
})

test('a load that fails half-way keeps what it has read, and is tried again from there', async () => {
  const log = upTo(60)
  let isDown = false
  const { store, seqs } = await open(log, {
    readPage: async ({ before, limit }) => {
      if (isDown && before < 40) throw new Error('down')
      return { events: log.filter(({ seq }) => seq < before).slice(-limit), head: log.length }
    },
  })
  await store.loadOlder()
  isDown = true
  expect(await store.loadOlder()).toBe(false)
  expect([seqs()[0], store.getProblem()]).toEqual([31, new Error('down')])
  isDown = false
  store.retry()
  await vi.advanceTimersByTimeAsync(0)
  expect([seqs(), store.getProblem()]).toEqual([range(1, 60), null])
})

test('an event that comes twice is taken once, and a gap is filled by following again', async () => {
  const { line, lines, seqs } = await open(upTo(3))
  for (const seq of [4, 4, 3, 6]) line().onEvent(event(seq))
  await vi.advanceTimersByTimeAsync(50)
  expect(seqs()).toEqual([1, 2, 3, 4])
  expect(lines).toEqual([3, 4])
  for (const seq of [5, 6, 7]) line().onEvent(event(seq))
  await vi.advanceTimersByTimeAsync(50)
  expect(seqs()).toEqual(range(1, 7))
})

test('a burst costs one rendering in 50 ms', async () => {
  const { store, line } = await open(upTo(1))
  let renderings = 0
  store.subscribe(() => renderings++)
  for (const seq of range(2, 400)) line().onEvent(event(seq))
  await vi.advanceTimersByTimeAsync(50)
  expect(renderings).toBe(1)
})

test('streamed text is written at its offsets, so that repetitions after a lost line double nothing', async () => {
  const { store, line } = await open(upTo(1))
  const say = (offset: number, text: string): void => line().onPiece({ callId: 'c', channel: 'text', offset, text })
  say(0, 'Hello wo')
  say(8, 'rld')
  await vi.advanceTimersByTimeAsync(50)
  say(0, 'Hello world')
  say(6, 'world, how')
  await vi.advanceTimersByTimeAsync(50)
  expect(store.getDelta('c', 'text')).toBe('Hello world, how')
  expect(store.getDelta('c', 'reasoning')).toBe('')
})

test('only who looks at a text is told of it, and only when it changed', async () => {
  const { store, line } = await open(upTo(1))
  const told: string[] = []
  store.subscribe(() => told.push('page'))
  store.subscribeDelta('c', 'text', () => told.push('text'))
  store.subscribeDelta('c', 'output', () => told.push('output'))
  line().onPiece({ callId: 'c', channel: 'text', offset: 0, text: 'a' })
  line().onPiece({ callId: 'c', channel: 'text', offset: 1, text: 'b' })
  await vi.advanceTimersByTimeAsync(50)
  line().onPiece({ callId: 'c', channel: 'text', offset: 0, text: 'ab' })
  await vi.advanceTimersByTimeAsync(50)
  expect(told).toEqual(['text'])
})

test('a finished text takes the place of the streamed one at once, and late pieces do not bring it back', async () => {
  const { store, line } = await open(upTo(1))
  line().onPiece({ callId: 'c', channel: 'text', offset: 0, text: 'Hel' })
  await vi.advanceTimersByTimeAsync(50)
  const shown: string[] = []
  const look = (): void => {
    const last = store.getEvents().at(-1)?.body
    const stored = last?.type === 'model-responded' && last.content[0]?.type === 'text' ? last.content[0].text : ''
    shown.push(`${store.getDelta('c', 'text')}|${stored}`)
  }
  store.subscribe(look)
  store.subscribeDelta('c', 'text', look)
  line().onPiece({ callId: 'c', channel: 'text', offset: 3, text: 'lo' })
  line().onEvent(event(2, answered('c', 'Hello')))
  await vi.advanceTimersByTimeAsync(50)
  line().onPiece({ callId: 'c', channel: 'text', offset: 0, text: 'Hello' })
  await vi.advanceTimersByTimeAsync(50)
  expect(new Set(shown)).toEqual(new Set(['|Hello']))
})

test('however many older calls are loaded, late pieces of the newest do not bring its text back', async () => {
  const older = Array.from({ length: 4_000 }, (_, at) => event(at + 1, answered(`c${at}`, 'old')))
  const { store, line } = await open(older)
  line().onEvent(event(4_001, answered('newest', 'Hello')))
  while (store.hasOlder()) {
    const isLoaded = store.loadOlder()
    await vi.runAllTimersAsync()
    await isLoaded
  }
  line().onPiece({ callId: 'newest', channel: 'text', offset: 0, text: 'Hello' })
  await vi.advanceTimersByTimeAsync(50)
  expect(store.getDelta('newest', 'text')).toBe('')
})

test('a command that is run again after a crash begins with an empty output', async () => {
  const { store, line } = await open(upTo(1))
  line().onPiece({ callId: 'c', channel: 'output', offset: 0, text: 'first attempt' })
  line().onEvent(event(2, { type: 'tool-started', callId: 'c', tool: 'bash' }))
  line().onPiece({ callId: 'c', channel: 'output', offset: 0, text: 'again' })
  await vi.advanceTimersByTimeAsync(50)
  expect(store.getDelta('c', 'output')).toBe('again')
})

test('what is awaited is told until the event comes that ends it', async () => {
  const { store, line } = await open(upTo(1))
  const sandbox = { phase: 'workspace', text: 'creating the container', startedAt: '2026-01-01T00:00:00.000Z', deadlineAt: null }
  line().onProgress(sandbox)
  line().onEvent(event(2))
  await vi.advanceTimersByTimeAsync(50)
  expect(store.getAwaited()).toEqual([sandbox])
  line().onEvent(event(3, { type: 'sandbox-started', backend: 'docker', sandboxId: 'x', restoredFrom: 'y', ms: 1 }))
  await vi.advanceTimersByTimeAsync(50)
  expect(store.getAwaited()).toEqual([])
})

test('a page that cannot be read is a problem that can be tried again', async () => {
  let isDown = true
  const log = upTo(3)
  const { store, lines, seqs } = await open(log, {
    readPage: async () => {
      if (isDown) throw new Error('down')
      return { events: log, head: 3 }
    },
  })
  expect(store.getProblem()).toEqual(new Error('down'))
  expect(lines).toEqual([])
  isDown = false
  store.retry()
  await vi.advanceTimersByTimeAsync(0)
  expect(store.getProblem()).toBeNull()
  expect(seqs()).toEqual([1, 2, 3])
  expect(lines).toEqual([3])
})
