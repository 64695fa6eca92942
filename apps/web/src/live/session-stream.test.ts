import type { SessionEvent } from '@slipway/core/events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LineSocket, LineState } from './keep-line.ts'
import { followSession, type StreamDevice, type StreamHandlers } from './session-stream.ts'

interface FakeSocket extends LineSocket {
  after: number
  isClosed: boolean
  say(message: object): void
  event(...seqs: number[]): void
}

let sockets: FakeSocket[]
let seqs: number[]
let pieces: string[]
let states: LineState[]
let isOnline: boolean
let mayRead: () => Promise<boolean>
let wake: (wake: { wasAsleep: boolean }) => void

beforeEach(() => {
  vi.useFakeTimers()
  sockets = []
  seqs = []
  pieces = []
  states = []
  isOnline = true
  mayRead = async () => true
})
afterEach(() => void vi.useRealTimers())

const device: StreamDevice = {
  openSocket(after) {
    const socket: FakeSocket = {
      after,
      isClosed: false,
      onopen: null,
      onmessage: null,
      onclose: null,
      close: () => (socket.isClosed = true),
      say: (message) => socket.onmessage?.({ data: JSON.stringify(message) }),
      event: (...given) => given.forEach((seq) => socket.say({ type: 'event', event: { seq } })),
    }
    sockets.push(socket)
    return socket
  },
  mayRead: () => mayRead(),
  isOnline: () => isOnline,
  onWake(listener) {
    wake = listener
    return () => void (wake = () => undefined)
  },
  nowMs: Date.now,
  random: () => 1,
}
const handlers: StreamHandlers = {
  onEvent: (event: SessionEvent) => seqs.push(event.seq),
  onPiece: (piece) => pieces.push(piece.text),
  onProgress: () => undefined,
  onConnection: ({ state }) => states.push(state),
}

const last = (): FakeSocket => sockets.at(-1) ?? expect.fail('no line was opened')
function follow(after = 0): () => void {
  return followSession({ after, handlers, device })
}
function goLive(): void {
  last().onopen?.()
  last().say({ type: 'ready', head: seqs.at(-1) ?? 0 })
}

test('events come once and in order, whatever a line repeats', () => {
  follow(2)
  expect(last().after).toBe(2)
  last().onopen?.()
  last().event(1, 2, 3, 3, 4)
  last().say({ type: 'ready', head: 4 })
  last().event(4, 5)
  expect(seqs).toEqual([3, 4, 5])
  expect(states).toEqual(['opening', 'live'])
})

test('a hole is never shown: the line is opened again behind the last event that came', () => {
  follow()
  goLive()
  last().event(1, 2, 4, 5)
  expect(seqs).toEqual([1, 2])
  expect(sockets.map(({ after, isClosed }) => ({ after, isClosed }))).toEqual([
    { after: 0, isClosed: true },
    { after: 2, isClosed: false },
  ])
  last().event(3, 4, 5)
  expect(seqs).toEqual([1, 2, 3, 4, 5])
})

test('a broken line is opened again after growing waits, and an open one starts them over', async () => {
  follow()
  goLive()
  last().event(1)
  last().onclose?.({ code: 1006 })
  const waits: number[] = []
  for (let round = 0; round < 7; round++) {
    const before = Date.now()
    await vi.advanceTimersToNextTimerAsync()
    waits.push(Date.now() - before)
    expect(last().after).toBe(1)
    last().onclose?.({ code: 1006 })
    await vi.advanceTimersByTimeAsync(0)
  }
  expect(waits).toEqual([400, 800, 1_600, 3_200, 6_400, 12_800, 15_000])
  await vi.advanceTimersToNextTimerAsync()
  goLive()
  last().onclose?.({ code: 1006 })
  const count = sockets.length
  await vi.advanceTimersByTimeAsync(400)
  expect(sockets.length).toBe(count + 1)
  expect(states).toEqual(['opening', 'live', 'reconnecting', 'live', 'reconnecting'])
})

test('what an old line still says after it was given up is not heard', () => {
  follow()
  goLive()
  const old = last()
  const stillHeard = old.onmessage
  wake({ wasAsleep: true })
  expect(old.isClosed).toBe(true)
  expect(old.onmessage).toBeNull()
  last().event(1)
  stillHeard?.({ data: JSON.stringify({ type: 'event', event: { seq: 1 } }) })
  expect(seqs).toEqual([1])
})

test('a device that slept opens a new line at once, one that only looked away keeps its own', async () => {
  follow()
  goLive()
  wake({ wasAsleep: false })
  expect(sockets.length).toBe(1)
  last().onclose?.({ code: 1006 })
  wake({ wasAsleep: false })
  expect(sockets.length).toBe(2)
  goLive()
  wake({ wasAsleep: true })
  expect(sockets.length).toBe(3)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(states.filter((state) => state === 'closed')).toEqual([])
})

test('without a network nothing is tried until there is one', async () => {
  follow()
  goLive()
  isOnline = false
  wake({ wasAsleep: true })
  await vi.advanceTimersByTimeAsync(600_000)
  expect(sockets.length).toBe(1)
  expect(states.at(-1)).toBe('offline')
  isOnline = true
  wake({ wasAsleep: true })
  goLive()
  expect(states).toEqual(['opening', 'live', 'offline', 'reconnecting', 'live'])
})

test('a line that never opens is given up and the server is asked whether it may be read', async () => {
  let asked = 0
  mayRead = async () => {
    asked += 1
    throw new Error('down')
  }
  follow()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked).toBe(1)
  await vi.advanceTimersByTimeAsync(400)
  expect(sockets.length).toBe(2)
  expect(states).toEqual(['opening'])
})

test.each([
  ['the server says that access was taken away', 4401, true],
  ['a line is refused', 1006, false],
])('when %s and the server confirms it, the stream is closed for good', async (_, code, opensFirst) => {
  mayRead = async () => false
  follow()
  if (opensFirst) goLive()
  last().onclose?.({ code })
  await vi.advanceTimersByTimeAsync(60_000)
  wake({ wasAsleep: true })
  expect(states.at(-1)).toBe('closed')
  expect(sockets.length).toBe(1)
})

test('a page that read too slowly comes back at once, behind what really arrived', () => {
  follow()
  goLive()
  last().event(1, 2)
  last().say({ type: 'resync', after: 7 })
  last().onclose?.({ code: 4008 })
  expect(last().after).toBe(2)
})

test('after the end nothing is heard and nothing is opened', async () => {
  const end = follow()
  goLive()
  const { onmessage } = last()
  end()
  expect(last().isClosed).toBe(true)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sockets.length).toBe(1)
  expect(last().onmessage).toBeNull()
  expect(onmessage).not.toBeNull()
})

test('text of running calls is handed on as it comes', () => {
  follow()
  goLive()
  last().say({ type: 'delta', delta: { callId: 'c', channel: 'text', offset: 0, text: 'Hel' } })
  last().say({ type: 'delta', delta: { callId: 'c', channel: 'text', offset: 3, text: 'lo' } })
  expect(pieces).toEqual(['Hel', 'lo'])
})
