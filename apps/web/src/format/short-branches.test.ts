import { expect, test } from 'vitest'
import { shortBranches } from './short-branches.ts'

const id = '01m80821r4eenh4ygxpjxty46d'

test('branches of sessions go by their words, wherever they stand in a text', () => {
  expect(shortBranches(`Push 5fcb295f58 to slipway/${id}-count-over-midnight, from slipway/${id}-x`)).toBe(
    'Push 5fcb295f58 to …-count-over-midnight, from …-x',
  )
})

test('a branch without words and a branch of somebody else keep their names', () => {
  for (const text of [`slipway/${id}-`, `slipway/${id}`, 'slipway/my-branch', 'feature/count-over-midnight'])
    expect(shortBranches(text)).toBe(text)
})
