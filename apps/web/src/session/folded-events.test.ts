import type { SessionEvent } from '@slipway/core/events'
import { expect, test } from 'vitest'
import { makeFoldedEvents, type Fold } from './folded-events.ts'

const event = (seq: number): SessionEvent => ({
  id: `e${seq}`,
  sessionId: 's',
  seq,
  at: '2026-01-01T00:00:00.000Z',
  version: 1,
  actor: { kind: 'agent' },
  body: { type: 'user-message', text: String(seq), mode: 'steer' },
})
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at)
const events = (from: number, to: number): SessionEvent[] => range(from, to).map(event)
const never = new AbortController().signal

/** The seqs in the order in which they came. */
function makeSeqFold(): Fold<readonly number[]> {
  let seqs: readonly number[] = []
  return { push: ({ seq }) => void (seqs = [...seqs, seq]), read: () => seqs }
}

/** The same, and each takes a millisecond. */
function makeSlowFold(): Fold<readonly number[]> {
  const fold = makeSeqFold()
  return {
    push(next) {
      const untilMs = performance.now() + 1
      while (performance.now() < untilMs);
      fold.push(next)
    },
    read: fold.read,
  }
}

test('what is made of the events stays the same object until some are added', async () => {
  const loaded = makeFoldedEvents()
  loaded.append(events(3, 4))
  const first = loaded.read(makeSeqFold)
  expect(loaded.read(makeSeqFold)).toBe(first)
  loaded.append(events(5, 5))
  await loaded.prepend(events(1, 2), never)
  expect(loaded.read(makeSeqFold)).toEqual(range(1, 5))
  expect(loaded.all().map(({ seq }) => seq)).toEqual(range(1, 5))
})

test('while older events are folded the page goes on, sees none of them, and loses nothing that comes', async () => {
  const loaded = makeFoldedEvents()
  loaded.append(events(101, 120))
  loaded.read(makeSlowFold)
  const seen: (readonly number[])[] = []
  const isWhole = loaded.prepend(events(1, 100), never)
  // Not before the folding has been interrupted at least once.
  await new Promise((resolve) => setTimeout(resolve))
  seen.push(loaded.read(makeSlowFold))
  loaded.append(events(121, 122))
  seen.push(loaded.read(makeSlowFold))
  expect(loaded.all().map(({ seq }) => seq)).toEqual(range(101, 122))
  await isWhole
  expect(seen).toEqual([range(101, 120), range(101, 122)])
  expect(loaded.read(makeSlowFold)).toEqual(range(1, 122))
  expect(loaded.all().map(({ seq }) => seq)).toEqual(range(1, 122))
})

test('a page that is left takes nothing in any more', async () => {
  const loaded = makeFoldedEvents()
  loaded.append(events(101, 101))
  loaded.read(makeSlowFold)
  const left = new AbortController()
  const isOver = loaded.prepend(events(1, 100), left.signal)
  left.abort()
  await isOver
  expect(loaded.all().map(({ seq }) => seq)).toEqual([101])
})
