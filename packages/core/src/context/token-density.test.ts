import { expect, test } from 'vitest'
import { tokenDensity } from './token-density.ts'

test.each([
  'anthropic/claude-opus-4-7',
  'anthropic/claude-opus-4-8-20260601',
  'anthropic/claude-opus-5',
  'anthropic/claude-sonnet-5-5',
  'anthropic/claude-haiku-5-5',
  'anthropic/claude-fable-5-1',
])('%s takes more tokens than the estimate assumes', (model) => {
  expect(tokenDensity(model)).toBe(1.35)
})

test.each([
  'anthropic/claude-sonnet-4-5',
  'anthropic/claude-sonnet-4-5-20250929',
  'anthropic/claude-opus-4-6',
  'anthropic/claude-opus-4-20250514',
  'anthropic/claude-3-5-haiku-20241022',
  'openai/gpt-5.1',
  'ollama/qwen3:8b',
])('%s does not', (model) => {
  expect(tokenDensity(model)).toBe(1)
})
