import { expect, test } from 'vitest'
import { rememberLast } from './remember-last.ts'

test('one question is asked for all who ask at the same time, and again only after others', async () => {
  const asked: string[] = []
  const remember = rememberLast<string>(2)
  const ask = (key: string): Promise<string> => remember(key, async () => `${key}${asked.push(key)}`)
  expect(await Promise.all([ask('a'), ask('a'), ask('b')])).toEqual(['a1', 'a1', 'b2'])
  expect([await ask('c'), await ask('b'), await ask('a')]).toEqual(['c3', 'b2', 'a4'])
})

test('what failed is asked again', async () => {
  const remember = rememberLast<string>(2)
  await expect(remember('a', () => Promise.reject(new Error('not now')))).rejects.toThrow('not now')
  expect(await remember('a', async () => 'now')).toBe('now')
})
