// From a provider's own words on its own wire to what happens next: the adapter and the classification together.

import { classifyFailure } from '@slipway/core/errors/classify-failure'
import type { FailureKind } from '@slipway/core/errors/failure'
import { describe, expect, test } from 'vitest'
import type { DoubleFault, ModelApi } from '../../../../e2e/doubles/models/brain.ts'
import { startBench } from './testing/wire-bench.ts'

const FAULTS: [name: string, fault: DoubleFault, kind: FailureKind][] = [
  ['a rate limit', { status: 429, retryAfterSeconds: 2 }, 'rate-limit'],
  ['an overloaded provider', { status: 503 }, 'overloaded'],
  ['a broken provider', { status: 500 }, 'server'],
  ['a prompt that is too long', { overflow: true }, 'overflow'],
  ['a forbidden key', { status: 403 }, 'auth'],
  ['a request that it does not like', { status: 400, message: 'unexpected field' }, 'rejected'],
  ['an empty account', { status: 402, message: 'payment required' }, 'quota'],
  ['a redirect', { status: 308, headers: { location: '/' } }, 'rejected'],
  ['a reset connection', { reset: true }, 'network'],
  ['a cut answer', { cutAfter: { characters: 12, clean: false } }, 'cut'],
]

describe.each<ModelApi>(['anthropic', 'openai-responses', 'openai-chat', 'google', 'ollama'])('at %s', (api) => {
  test.each(FAULTS)('%s', async (_, fault, kind) => {
    const bench = await startBench(api, () => ({ text: 'This answer will never be whole.', fault }))
    const result = await bench.call()
    await bench.close()
    expect(result.ok ? result : `${classifyFailure(result.failure)}: ${result.failure.message}`).toMatch(new RegExp(`^${kind}: `))
  })
})

test.each<[api: ModelApi, status: number, kind: FailureKind]>([
  ['anthropic', 529, 'overloaded'],
  ['anthropic', 429, 'rate-limit'],
  ['openai-responses', 500, 'server'],
  ['openai-responses', 429, 'rate-limit'],
  ['openai-chat', 429, 'rate-limit'],
  ['google', 503, 'overloaded'],
  ['google', 429, 'rate-limit'],
  ['ollama', 500, 'server'],
])('an error inside the stream of %s that would be a %i is %s', async (api, status, kind) => {
  const bench = await startBench(api, () => ({
    text: 'This answer will never be whole.',
    fault: { errorAfter: { characters: 12, status } },
  }))
  const result = await bench.call()
  await bench.close()
  expect(result.ok ? result : classifyFailure(result.failure)).toBe(kind)
})

test('OpenAI’s used-up quota is no rate limit', async () => {
  const message = 'You exceeded your current quota, please check your plan and billing details.'
  const bench = await startBench('openai-responses', () => ({ fault: { status: 429, code: 'insufficient_quota', message } }))
  const result = await bench.call()
  await bench.close()
  expect(result.ok ? result : classifyFailure(result.failure)).toBe('quota')
})

test('a model without tools is noticed', async () => {
  const bench = await startBench('ollama', () => ({ text: 'no' }))
  const result = await bench.call({ model: 'ollama/gemma:2b' })
  await bench.close()
  expect(result.ok ? result : classifyFailure(result.failure)).toBe('no-tools')
})
