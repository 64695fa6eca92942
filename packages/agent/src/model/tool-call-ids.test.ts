import { expect, test } from 'vitest'
import { makeToolCallIds } from './tool-call-ids.ts'

test('an id that a provider gives twice in one answer names two calls', () => {
  const ids = makeToolCallIds('model-call-7', [])
  const first = ids.begin('call_AbCdEfGh')
  ids.complete('call_AbCdEfGh')
  const second = ids.begin('call_AbCdEfGh')
  expect([first, second]).toEqual(['call_AbCdEfGh', 'call_AbCdEfGh-model-call-7'])
  expect(ids.current('call_AbCdEfGh')).toBe(second)
})

test.each([
  ['call_0', 'call_0-model-call-7'],
  ['functions.read_file:12', 'functions_read_file_12-model-call-7'],
  ['', 'call-model-call-7'],
  ['7', '7-model-call-7'],
  ['toolu_01A9Ft7J8cUpb', 'toolu_01A9Ft7J8cUpb'],
  ['KqT4zZ8xJ', 'KqT4zZ8xJ'],
])('%s becomes %s', (given, expected) => {
  expect(makeToolCallIds('model-call-7', []).begin(given)).toBe(expected)
})

test('made ids fit every provider', () => {
  const ids = makeToolCallIds('01JC8ZK7Q6W3M5N9R2T4V6X8YA', [])
  for (let count = 0; count < 20; count++) {
    const given = `functions.${'x'.repeat(90)}:1`
    expect(ids.begin(given)).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
    ids.complete(given)
  }
})
