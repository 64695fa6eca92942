import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Effects } from '@slipway/core/ports'
import { createEffects } from './effects.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
let effects: Effects

beforeAll(async () => {
  testDatabase = await openTestDatabase()
  effects = createEffects(testDatabase.database.pool)
})
afterAll(() => testDatabase.close())

const intend = (key: string) => effects.intend({ key, sessionId: 's', kind: 'push', request: { branch: 'b' } })

test('an effect is intended, then done, and its answer is kept', async () => {
  expect(await intend('one')).toEqual({ done: false, wasIntended: false })
  expect(await intend('one')).toEqual({ done: false, wasIntended: true })
  await effects.finish({ key: 'one', answer: { number: 7, text: 'a\0b' } })
  expect(await intend('one')).toEqual({ done: true, answer: { number: 7, text: 'ab' } })
})

test('the first answer stays', async () => {
  await intend('two')
  await effects.finish({ key: 'two', answer: 'first' })
  await effects.finish({ key: 'two', answer: 'second' })
  expect(await intend('two')).toEqual({ done: true, answer: 'first' })
})

test('of those who intend at once exactly one is the first', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => intend('three')))
  expect(answers.filter((answer) => !answer.done && !answer.wasIntended)).toHaveLength(1)
})

test('finishing what was never intended is a bug', async () => {
  await expect(effects.finish({ key: 'four', answer: null })).rejects.toThrow('without having been intended')
})
