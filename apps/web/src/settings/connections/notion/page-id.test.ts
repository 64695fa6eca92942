import { expect, test } from 'vitest'
import { pageIdIn } from './page-id.ts'

const id = '0123456789abcdef0123456789abcdef'

test('the id of a page is found in its link, and is one by itself', () => {
  const dashed = '01234567-89ab-cdef-0123-456789abcdef'
  for (const text of [id, dashed, ` https://www.notion.so/acme/Team-wiki-${id}?pvs=4 `, `https://notion.so/${id.toUpperCase()}#part`])
    expect(pageIdIn(text)).toBe(id)
  expect([pageIdIn('https://notion.so/acme'), pageIdIn('')]).toEqual([null, null])
})
