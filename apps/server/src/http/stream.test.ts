import { afterAll, beforeAll, expect, test } from 'vitest'
import { CLOSED_SLOW } from '../stream/stream-session.ts'
import { message } from '../testing/test-store.ts'
import { type Json, openTestApi, type TestApi } from '../testing/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi({ stream: { maxBufferedBytes: 100_000, maxDrainMs: 400 } })
})
afterAll(() => api.close())

const seqs = (messages: Json[]): number[] => messages.filter((sent) => sent.type === 'event').map((sent) => sent.event.seq)
const upTo = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1)

test('viewers that come and go while two processes write see each event exactly once, in order', async () => {
  const id = await api.db.create()
  const other = await api.db.another()
  const writing = Promise.all(
    [api.db.store, other].map(async (store, writer) => {
      for (let at = 0; at < 100; at++) {
        const event = {
          id: api.db.ports.ids.next(),
          at: new Date().toISOString(),
          actor: { kind: 'agent' as const },
          body: message(`${writer} ${at}`),
        }
        await store.log.append({ sessionId: id, events: [event], expectedSeq: null, lease: null, wake: 'no' })
      }
    }),
  )
  const viewers = Array.from({ length: 4 }, async (_, viewer) => {
    const seen: number[] = []
    while ((seen.at(-1) ?? 0) < 201) {
      const stream = api.stream(`/api/v1/sessions/${id}/stream?after=${seen.at(-1) ?? 0}`)
      const enough = Math.min(201, (seen.at(-1) ?? 0) + 30 + viewer * 7)
      await stream.until((messages) => (seqs(messages).at(-1) ?? 0) >= enough)
      stream.socket.terminate()
      seen.push(...seqs(stream.messages))
    }
    return seen
  })
  for (const seen of await Promise.all(viewers)) expect(seen).toEqual(upTo(201))
  await writing
})

test('deltas reach viewers with their offsets, and a later viewer gets them from the beginning', async () => {
  const id = await api.db.create()
  const first = api.stream(`/api/v1/sessions/${id}/stream`)
  await first.until((messages) => messages.some((sent) => sent.type === 'ready'))
  for (const [offset, text] of [
    [0, 'Hel'],
    [3, 'lo'],
  ] as const)
    api.db.ports.bus.publish({ kind: 'delta', delta: { sessionId: id, callId: 'c', channel: 'text', offset, text } })
  await first.until((messages) => messages.filter((sent) => sent.type === 'delta').length === 2)
  expect(first.messages.filter((sent) => sent.type === 'delta').map((sent) => sent.delta)).toEqual([
    { callId: 'c', channel: 'text', offset: 0, text: 'Hel' },
    { callId: 'c', channel: 'text', offset: 3, text: 'lo' },
  ])
  const second = api.stream(`/api/v1/sessions/${id}/stream`)
  await second.until((messages) => messages.some((sent) => sent.type === 'delta'))
  expect(second.messages.map((sent) => sent.type)).toEqual(['event', 'ready', 'delta'])
  expect(second.messages[2].delta).toEqual({ callId: 'c', channel: 'text', offset: 0, text: 'Hello' })
  first.socket.close()
  second.socket.close()
})

test('a viewer that does not read is let go with the place to go on from, and delays nobody', async () => {
  const id = await api.db.create()
  const slow = api.stream(`/api/v1/sessions/${id}/stream`)
  const quick = api.stream(`/api/v1/sessions/${id}/stream`)
  await Promise.all([slow, quick].map((stream) => stream.until((messages) => messages.some((sent) => sent.type === 'ready'))))
  slow.socket.pause()
  // More than what the buffers of two sockets take.
  const large = 'x'.repeat(60_000)
  for (let at = 0; at < 200; at++) await api.db.append(id, [message(large)])
  await quick.until((messages) => seqs(messages).at(-1) === 201)
  expect(seqs(quick.messages)).toEqual(upTo(201))
  await new Promise((resolve) => setTimeout(resolve, 700))
  slow.socket.resume()
  expect(await slow.closed).toEqual({ code: CLOSED_SLOW })
  const last = slow.messages.at(-1)
  expect(last.type).toBe('resync')
  expect(seqs(slow.messages)).toEqual(upTo(last.after))
  expect(last.after).toBeLessThan(201)
  quick.socket.close()
})

test('a viewer that is silent for two heartbeats is let go', async () => {
  const quick = await openTestApi({ stream: { heartbeatMs: 100 } })
  try {
    const id = await quick.db.create()
    const [silent, alive] = [1, 2].map(() => quick.stream(`/api/v1/sessions/${id}/stream`)) as [
      ReturnType<TestApi['stream']>,
      ReturnType<TestApi['stream']>,
    ]
    await Promise.all([silent, alive].map((stream) => stream.until((messages) => messages.some((sent) => sent.type === 'ready'))))
    // Reads nothing, so answers no ping.
    silent.socket.pause()
    await new Promise<void>((resolve) => {
      let pings = 0
      alive.socket.on('ping', () => void (++pings === 4 && resolve()))
    })
    silent.socket.resume()
    expect(await silent.closed).toEqual({ code: 1006 })
    expect(alive.socket.readyState).toBe(alive.socket.OPEN)
    alive.socket.close()
  } finally {
    await quick.close()
  }
})

test('who looks at a list is told that a session of theirs changed, in whichever process', async () => {
  const isChange = (sent: Json): boolean => sent.type === 'changed'
  const list = api.stream('/api/v1/sessions/stream')
  await list.until((messages) => messages.some((sent) => sent.type === 'ready'))
  const mine = await api.db.create()
  await list.until((messages) => messages.some(isChange))
  expect(list.messages.every(({ type }) => type === 'ready' || type === 'changed')).toBe(true)

  const before = list.messages.length
  const other = await api.db.another()
  const event = { id: api.db.ports.ids.next(), at: new Date().toISOString(), actor: { kind: 'agent' as const }, body: message('elsewhere') }
  await other.log.append({ sessionId: mine, events: [event], expectedSeq: null, lease: null, wake: 'no' })
  await list.until((messages) => messages.length > before)

  // Putting away is no event, and the other tabs' lists change all the same.
  for (const isArchived of [true, false]) {
    const heard = list.messages.length
    expect((await api.call('PATCH', `/api/v1/sessions/${mine}`, { isArchived })).status).toBe(200)
    await list.until((messages) => messages.length > heard)
  }
  list.socket.close()
})
