import type { HumanAsked } from '@slipway/core/events'
import { expect, test } from 'vitest'
import { readAnswer } from './ask-person.ts'

const ask: HumanAsked = {
  type: 'human-asked',
  askId: 'a',
  kind: 'approval',
  question: 'Publish?',
  options: [],
  callId: null,
  effect: { kind: 'push', title: '', details: [], reason: '', reversible: '', hash: 'h1' },
  expiresAt: null,
}

test('approving takes a whole word and is bound to the effect that was shown', () => {
  expect(readAnswer(ask, 'approve')).toEqual({ askId: 'a', decision: 'approve', text: '', effectHash: 'h1', budgetMicros: null })
  for (const typed of ['', ' ', 'a', 'approve of nothing', 'ok']) expect(readAnswer(ask, typed)).toBe(null)
})

test('a rejection may say why', () => {
  expect(readAnswer(ask, 'no, the title is wrong')).toMatchObject({ decision: 'reject', text: 'the title is wrong' })
  expect(readAnswer(ask, 'reject')).toMatchObject({ decision: 'reject', text: '' })
})

test('a budget needs an amount, not a yes', () => {
  const budget = { ...ask, kind: 'budget' as const, effect: null }
  expect(readAnswer(budget, '$7.50')).toMatchObject({ decision: 'approve', budgetMicros: 7_500_000 })
  expect(readAnswer(budget, 'yes')).toBe(null)
  expect(readAnswer(budget, 'no')).toMatchObject({ decision: 'reject' })
})

test('a question takes words, or the number of an option', () => {
  const question = { ...ask, kind: 'question' as const, effect: null, options: ['tabs', 'spaces'] }
  expect(readAnswer(question, '2')).toMatchObject({ decision: 'answer', text: 'spaces' })
  expect(readAnswer(question, 'no idea')).toMatchObject({ decision: 'answer', text: 'no idea' })
})
