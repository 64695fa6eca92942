import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Delta, LiveMessage, ModelRequest, ModelResult } from '@slipway/core/ports'
import { openTestStore, sessionCreated, type TestStore } from '../testing/test-store.ts'
import { guardModel, guardStore, openSecretGuard } from './guard-ports.ts'

// Drawn from a name, so that no secret scanner takes this file for a leak.
const secret = createHash('sha256').update('guard-ports').digest('base64url')
const guard = openSecretGuard([secret])

let db: TestStore
beforeAll(async () => {
  db = await openTestStore()
})
afterAll(() => db.close())

test('an append stores, answers and tells without the secret', async () => {
  const { log, bus } = guardStore(db.store, guard)
  const told: LiveMessage[] = []
  bus.subscribe('s1', (message) => void told.push(message))
  const body = { ...sessionCreated, title: `use ${secret}` }
  const event = { id: db.ports.ids.next(), at: new Date(0).toISOString(), actor: { kind: 'system', id: 'x' } as const, body }
  const result = await log.append({ sessionId: 's1', events: [event], expectedSeq: 0, lease: null, wake: 'no' })
  const stored = await log.read({ sessionId: 's1', after: 0 })
  expect(stored[0]?.body).toMatchObject({ title: 'use [secret]' })
  expect(result).toEqual({ ok: true, events: stored })
  expect(JSON.stringify(told)).not.toContain(secret)
  expect(JSON.stringify(told)).toContain('use [secret]')
})

test('a blob, an effect and their answers are stored without the secret', async () => {
  const { blobs, effects } = guardStore(db.store, guard)
  const sha = await blobs.put(Buffer.from(`\0${secret}\xff`, 'latin1'))
  expect(Buffer.from((await blobs.get(sha))!).toString('latin1')).toBe('\0[secret]\xff')
  await effects.intend({ key: 'k', sessionId: 's1', kind: 'push', request: { url: secret } })
  await effects.finish({ key: 'k', answer: { said: secret } })
  const again = await effects.intend({ key: 'k', sessionId: 's1', kind: 'push', request: {} })
  expect(again).toEqual({ done: true, answer: { said: '[secret]' } })
})

test('deltas are told without the secret, wherever it is cut, at offsets without gaps', () => {
  const { bus } = guardStore(db.store, guard)
  const text = `one ${secret} two ${secret.slice(0, 5)} three`
  for (let size = 1; size <= text.length; size++) {
    const shown = new Map<string, string>()
    const unsubscribe = bus.subscribe('s2', (message) => {
      if (message.kind !== 'delta') return
      const { callId, offset, text: piece } = message.delta
      const before = shown.get(callId) ?? ''
      expect(offset).toBe(before.length)
      shown.set(callId, before + piece)
    })
    for (let from = 0; from < text.length; from += size)
      bus.publish({ kind: 'delta', delta: delta(`call-${size}`, from, text.slice(from, from + size)) })
    unsubscribe()
    expect(shown.get(`call-${size}`)).toBe(`one [secret] two ${secret.slice(0, 5)} three`)
  }
})

test('two calls that stream at the same time do not mix, and one that begins anew is told anew', () => {
  const { bus } = guardStore(db.store, guard)
  const told: Delta[] = []
  const unsubscribe = bus.subscribe('s2', (message) => message.kind === 'delta' && told.push(message.delta))
  for (const [callId, offset, text] of [
    ['a', 0, secret.slice(0, 10)],
    ['b', 0, 'word '],
    ['a', 10, `${secret.slice(10)}, `],
    ['a', 0, 'again '],
  ] as const)
    bus.publish({ kind: 'delta', delta: delta(callId, offset, text) })
  unsubscribe()
  expect(told).toEqual([delta('b', 0, 'word '), delta('a', 0, '[secret], '), delta('a', 0, 'again ')])
})

test('neither a request to a model nor its answer carries the secret', async () => {
  let asked: ModelRequest | null = null
  const model = guardModel(
    {
      describe: async () => ({ ok: false, message: secret }),
      call: async (request) => {
        asked = request
        return { ok: false, failure: { status: 500, message: secret, code: secret, retryAfterMs: null, cause: 'http' }, usage: null, ms: 1 }
      },
    },
    guard,
  )
  const hooks = { signal: new AbortController().signal, onDelta: () => undefined }
  const request = { messages: [{ role: 'user', text: `say ${secret}`, cache: false }] } as unknown as ModelRequest
  const result = await model.call(request, hooks)
  expect(JSON.stringify([asked, result, await model.describe('x')])).not.toContain(secret)
  expect(JSON.stringify(asked)).toContain('say [secret]')
})

test('a thought with the secret in it goes as a whole, because its signature would not fit any more', async () => {
  const thought = (text: string) => ({ type: 'reasoning', text, providerData: { signature: 'x' } })
  const content = [thought(`use ${secret}`), thought('think'), { type: 'text', text: `say ${secret}` }]
  const answer = { ok: true, content, finish: 'stop', usage: {}, firstTokenMs: 1, ms: 1 } as unknown as ModelResult
  const model = guardModel({ describe: async () => ({ ok: false, message: '' }), call: async () => answer }, guard)
  const result = await model.call({} as ModelRequest, { signal: new AbortController().signal, onDelta: () => undefined })
  expect(result).toEqual({ ...answer, content: [thought('think'), { type: 'text', text: 'say [secret]' }] })
})

function delta(callId: string, offset: number, text: string): Delta {
  return { sessionId: 's2', callId, channel: 'text', offset, text }
}
