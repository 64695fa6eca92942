import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countLineChanges } from './line-changes.ts'

describe('countLineChanges', () => {
  it('counts nothing for equal texts', () => {
    expect(countLineChanges('a\nb\n', 'a\nb\n')).toEqual({ added: 0, removed: 0 })
  })

  it('counts a changed line as one added and one removed', () => {
    expect(countLineChanges('a\nb\nc\n', 'a\nB\nc\n')).toEqual({ added: 1, removed: 1 })
  })

  it('counts whole files that come and go', () => {
    expect(countLineChanges('', 'a\nb')).toEqual({ added: 2, removed: 0 })
    expect(countLineChanges('a\nb\n', '')).toEqual({ added: 0, removed: 2 })
  })

  it('counts a missing last line end as a change of that line', () => {
    expect(countLineChanges('a\nb', 'a\nb\n')).toEqual({ added: 1, removed: 1 })
  })

  it('stays quick and gives an upper bound for texts that have nothing in common', () => {
    const before = Array.from({ length: 5000 }, (_, index) => `old ${index}\n`).join('')
    const after = Array.from({ length: 4000 }, (_, index) => `new ${index}\n`).join('')
    expect(countLineChanges(before, after)).toEqual({ added: 4000, removed: 5000 })
  })

  it('agrees with the longest common subsequence', () => {
    const text = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n'), { maxLength: 12 })
    fc.assert(
      fc.property(text, text, (before, after) => {
        const common = longestCommon(before, after)
        expect(countLineChanges(before.join(''), after.join(''))).toEqual({ added: after.length - common, removed: before.length - common })
      }),
    )
  })
})

function longestCommon(left: string[], right: string[]): number {
  const row = new Array<number>(right.length + 1).fill(0)
  for (const item of left) {
    let diagonal = 0
    for (const [index, other] of right.entries()) {
      const above = row[index + 1]!
      row[index + 1] = item === other ? diagonal + 1 : Math.max(above, row[index]!)
      diagonal = above
    }
  }
  return row.at(-1)!
}
