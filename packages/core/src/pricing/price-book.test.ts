import { describe, expect, it } from 'vitest'
import { LISTED_MODELS } from './models.ts'
import { lookupModel, priceBookDate } from './price-book.ts'

describe('lookupModel', () => {
  it('knows a model by its family', () => {
    expect(lookupModel('anthropic/claude-sonnet-4-5-20250929')).toEqual({
      contextWindow: 200_000,
      maxOutputTokens: 64_000,
      hasTools: true,
      hasEffort: false,
      price: { input: 3_000_000, output: 15_000_000, cacheRead: 300_000, cacheWrite: 3_750_000, tier: null },
    })
  })

  it('takes the longest name that covers it', () => {
    expect(lookupModel('anthropic/claude-opus-5-5')?.price?.input).toBe(4_000_000)
    expect(lookupModel('anthropic/claude-opus-5')?.price?.input).toBe(5_000_000)
    expect(lookupModel('openai/gpt-5-mini')?.price?.input).toBe(250_000)
    expect(lookupModel('google/gemini-2.5-flash-lite')?.price?.output).toBe(400_000)
  })

  it('knows dated and moving forms of a name', () => {
    for (const name of [
      'openai/gpt-5.4-2026-03-05',
      'openai/gpt-4o-2024-08-06',
      'google/gemini-3-pro-preview',
      'google/gemini-2.5-pro-001',
      'OpenAI/GPT-5',
    ]) {
      expect(lookupModel(name)).not.toBeNull()
    }
  })

  it('does not take a cheaper relative’s price for an unknown model', () => {
    for (const name of [
      'openai/gpt-5.9',
      'openai/gpt-5.4-ultra',
      'openai/gpt-7',
      'google/gemini-9-pro',
      'anthropic/claude-9',
      'openai-compatible/gpt-5',
      'gpt-5',
      'mistral/large',
    ]) {
      expect(lookupModel(name)).toBeNull()
    }
  })

  it('gives the dearer tier where there is one', () => {
    expect(lookupModel('google/gemini-3.1-pro-preview')?.price?.tier).toEqual({
      aboveInputTokens: 200_000,
      input: 4_000_000,
      output: 18_000_000,
      cacheRead: 400_000,
      cacheWrite: 4_000_000,
    })
  })

  it('asks nothing for local and scripted models', () => {
    expect(lookupModel('ollama/qwen3:8b')).toMatchObject({ hasTools: null, price: { input: 0, output: 0 } })
    expect(lookupModel('scripted/demo')).toMatchObject({ hasTools: true, price: { input: 0, output: 0 } })
  })
})

describe('the list', () => {
  it('is dated and has no name twice', () => {
    expect(priceBookDate).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(new Set(LISTED_MODELS.map((entry) => entry.name)).size).toBe(LISTED_MODELS.length)
  })

  it.each(LISTED_MODELS.map((entry) => [entry.name, entry] as const))('has plausible figures for %s', (_name, entry) => {
    const { usd } = entry
    expect(entry.output).toBeLessThan(entry.context)
    expect(usd.output).toBeGreaterThan(usd.input)
    expect(usd.cacheRead).toBeLessThanOrEqual(usd.input)
    expect(usd.cacheWrite).toBeGreaterThanOrEqual(usd.input)
    if (entry.above) {
      expect(entry.above.tokens).toBeLessThan(entry.context)
      for (const field of ['input', 'output', 'cacheRead', 'cacheWrite'] as const) expect(entry.above[field]).toBeGreaterThan(usd[field])
    }
  })
})
