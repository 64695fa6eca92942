import type { HumanAsked } from '@slipway/core/events'
import { expect, test } from 'vitest'
import { renderAsk, renderQuestion } from './render-ask.ts'
import { plainStyle } from './style.ts'

const ask: HumanAsked = {
  type: 'human-asked',
  askId: 'ask-1',
  kind: 'question',
  question: 'By one?',
  options: ['yes', 'no'],
  callId: null,
  effect: null,
  expiresAt: null,
}

test('a question is shown with every option, with or without the commands that answer it', () => {
  expect(renderQuestion(ask, plainStyle)).toEqual(['', '  ? The agent asks', '    By one?', '    - yes', '    - no'])
  expect(renderAsk('s1', ask, plainStyle).slice(5)).toEqual(['    slipway answer s1 "<your answer>"', ''])
})
