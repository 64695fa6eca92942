import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { watchRepetition } from './repetition.ts'

/** Characters that were seen when the watch spoke up, or null when it never did. */
function seenAt(text: string, kind: 'prose' | 'arguments' = 'prose', size = 7): number | null {
  const watch = watchRepetition(kind)
  for (let at = 0; at < text.length; at += size) if (watch.see(text.slice(at, at + size)) !== null) return at + size
  return null
}
const thoughts = Array.from({ length: 400 }, (_, index) => `Step ${index}: I look at file ${index * 7} and then decide. `).join('')

describe('watchRepetition', () => {
  it.each([
    'The ',
    'Let me run the tests now.\n',
    '</invoke>\n</parameter>\n',
    '！',
    'Done. Goodbye. End. Let me write the answer. I am only stalling. ',
  ])('sees %j said again and again within 4,000 characters, also after sensible text', (piece) => {
    expect(seenAt(piece.repeat(20_000 / piece.length))).toBeLessThan(4_000)
    expect(seenAt(thoughts + piece.repeat(20_000 / piece.length))).toBeLessThan(thoughts.length + 4_000)
  })

  it('sees whole paragraphs that come again and again', () => {
    expect(seenAt(thoughts.slice(0, 2_500).repeat(10))).toBeLessThan(14_000)
  })

  it('says what is repeated and how often', () => {
    expect(watchRepetition('prose').see('abc '.repeat(1_000))).toEqual({ piece: 'abc ', repeats: 750 })
  })

  it('lets pass what only looks alike', () => {
    const table = Array.from({ length: 500 }, (_, index) => `| row ${index} | passed | passed | passed |\n`).join('')
    expect(seenAt(thoughts)).toBeNull()
    expect(seenAt(table)).toBeNull()
    expect(seenAt(`${'-'.repeat(2_000)}\n${'='.repeat(2_000)}\n${thoughts}`)).toBeNull()
  })

  it('is patient with arguments, which hold files', () => {
    const blank = '0, 0, 0, 0,\n'.repeat(1_000)
    expect(seenAt(blank)).not.toBeNull()
    expect(seenAt(blank, 'arguments')).toBeNull()
    expect(seenAt('0, 0, 0, 0,\n'.repeat(2_000), 'arguments')).not.toBeNull()
  })

  it('sees every short piece, however the text is cut', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 300 }), fc.integer({ min: 1, max: 900 }), (piece, size) => {
        expect(seenAt(piece.repeat(Math.ceil(6_000 / piece.length)), 'prose', size)).not.toBeNull()
      }),
      { numRuns: 50 },
    )
  })
})
