// What a provider reports is what the log says and what is paid. Prices are micro-dollars a token, as the providers list them.

import { describe, expect, test } from 'vitest'
import type { Usage } from '@slipway/core/events'
import type { DoubleFault, DoubleUsage, ModelApi } from '../doubles/models/brain.ts'
import { APIS, openStage } from './play-session.ts'

const final: DoubleUsage = { input: 1200, output: 34, cacheRead: 800, cacheWrite: 100, reasoning: 4 }
const early: DoubleUsage = { input: 1000, output: 1, cacheRead: 700, cacheWrite: 50, reasoning: 0 }

const plain = (input: number, cacheRead: number, cacheWrite: number, output: number, reasoning: number): Usage => ({
  inputTokens: input,
  cacheReadTokens: cacheRead,
  cacheWriteTokens: cacheWrite,
  outputTokens: output,
  reasoningTokens: reasoning,
})

/** Only Anthropic says what was written to the cache, and Ollama says nothing of a cache. */
const reported: Record<ModelApi, { usage: Usage; costMicros: number; isPriced: boolean }> = {
  // 300 fresh × 3 + 800 read × 0.3 + 100 written × 3.75 + 34 × 15
  anthropic: { usage: plain(1200, 800, 100, 34, 4), costMicros: 2025, isPriced: true },
  // 400 × 1.25 + 800 × 0.125 + 34 × 10
  'openai-responses': { usage: plain(1200, 800, 0, 34, 4), costMicros: 940, isPriced: true },
  'openai-chat': { usage: plain(1200, 800, 0, 34, 4), costMicros: 0, isPriced: false },
  // 400 × 2 + 800 × 0.2 + 34 × 12
  google: { usage: plain(1200, 800, 0, 34, 4), costMicros: 1368, isPriced: true },
  ollama: { usage: plain(1200, 0, 0, 34, 0), costMicros: 0, isPriced: true },
}

/** Twelve characters arrive before the cut: four tokens of output at least, where only the start was reported. */
const cut: Record<ModelApi, { usage: Usage | undefined; costMicros: number | 'estimated' }> = {
  // 250 × 3 + 700 × 0.3 + 50 × 3.75 + 4 × 15
  anthropic: { usage: plain(1000, 700, 50, 1, 0), costMicros: 1208 },
  'openai-responses': { usage: undefined, costMicros: 'estimated' },
  'openai-chat': { usage: plain(1000, 700, 0, 1, 0), costMicros: 0 },
  // 300 × 2 + 700 × 0.2 + 4 × 12
  google: { usage: plain(1000, 700, 0, 1, 0), costMicros: 788 },
  ollama: { usage: undefined, costMicros: 0 },
}

describe.each(APIS)('the usage of %s', (api) => {
  const { usage, costMicros, isPriced } = reported[api]

  test.each<[when: string, reply: { usage: DoubleUsage; earlyUsage?: DoubleUsage }]>([
    ['at the end', { usage: final }],
    ['early, and corrected at the end', { usage: final, earlyUsage: early }],
  ])('reported %s is logged and paid as it is', async (_, reply) => {
    const stage = await openStage(api, () => ({ text: 'Done.', ...reply }))
    await stage.drive()
    expect(stage.bodies('model-responded')).toMatchObject([{ usage, costMicros }])
    expect(stage.state().spend).toMatchObject({ usage, costMicros, calls: 1, hasUnpricedCalls: !isPriced })
    await stage.close()
  })

  test.each<[how: string, fault: DoubleFault]>([
    ['ends early', { cutAfter: { characters: 20, clean: true } }],
    ['is reset', { cutAfter: { characters: 20, clean: false } }],
    ['carries an error', { errorAfter: { characters: 20, status: 500 } }],
  ])('of a stream that %s is what was known, and it is paid', async (_, fault) => {
    const text = 'This answer will never be whole.'
    const stage = await openStage(api, ({ index }) =>
      index === 0 ? { text, usage: final, earlyUsage: early, fault } : { text: 'Done.', usage: final },
    )
    await stage.drive()
    const [failed] = stage.bodies('model-failed')
    const [requested] = stage.bodies('model-requested')
    const expected = cut[api]
    expect(failed?.usage).toEqual(expected.usage)
    // Ollama’s error line ends the stream where it stands; what came with it in one piece is lost.
    const mayBeLost = api === 'ollama' && fault.errorAfter !== undefined
    expect([text.slice(0, 12), ...(mayBeLost ? [undefined] : [])]).toContain(failed?.partialText)
    if (expected.costMicros === 'estimated') {
      expect(failed?.costMicros).toBeGreaterThan(1_000)
      expect(failed?.costMicros).toBeLessThan(requested?.reservedMicros ?? 0)
    } else expect(failed?.costMicros).toBe(expected.costMicros)
    expect(stage.state().spend.costMicros).toBe((failed?.costMicros ?? 0) + costMicros)
    await stage.close()
  })

  test('of a refused request is nothing', async () => {
    const stage = await openStage(api, ({ index }) => (index === 0 ? { fault: { status: 503 } } : { text: 'Done.', usage: final }))
    await stage.drive()
    expect(stage.bodies('model-failed')).toMatchObject([{ costMicros: 0 }])
    expect(stage.state().spend.costMicros).toBe(costMicros)
    await stage.close()
  })
})

test('a call that was stopped before anything came may have cost all that was reserved', async () => {
  const stage = await openStage('anthropic', () => ({ fault: { stall: true } }))
  const driving = stage.drive()
  await expect.poll(() => stage.double.requests.length, { interval: 5 }).toBe(1)
  await stage.world.say({ type: 'stop-requested', reason: 'enough' })
  await driving
  const reserved = stage.bodies('model-requested')[0]?.reservedMicros ?? 0
  expect(reserved).toBeGreaterThan(0)
  expect(stage.state().spend.costMicros).toBe(reserved)
  await stage.close()
})

test('a model with a denser tokenizer reserves more for the same prompt', async () => {
  const reservedBy = async (model: string): Promise<number> => {
    const stage = await openStage('anthropic', () => ({ text: 'Done.' }), { model })
    await stage.drive()
    const reserved = stage.bodies('model-requested')[0]?.reservedMicros ?? 0
    await stage.close()
    return reserved
  }
  // The same list prices: the whole difference is in the tokens of the prompt.
  const [older, newer] = [await reservedBy('anthropic/claude-opus-4-6'), await reservedBy('anthropic/claude-opus-4-7')]
  const answerMicros = 16_000 * 25
  expect((newer - answerMicros) / (older - answerMicros)).toBeCloseTo(1.35, 2)
})
