import { expect, test } from 'vitest'
import { splitAtWords } from './split-at-words.ts'

const marked = (text: string, words: string[]) => splitAtWords(text, words).map((piece) => (piece.isMatch ? `[${piece.text}]` : piece.text))

test('whole words are found as they stand, and nothing of the text is lost', () => {
  expect(marked('Clock.ts: 2 clocks (a clock)', ['clock', 'clocks'])).toEqual(['[Clock]', '.ts: 2 ', '[clocks]', ' (a ', '[clock]', ')'])
  expect(marked('in between, within, in', ['in'])).toEqual(['[in]', ' between, within, ', '[in]'])
  expect(marked('cost $1.50 *', ['$1.50', '*'])).toEqual(['cost ', '[$1.50]', ' ', '[*]'])
  expect(marked('nothing', ['else'])).toEqual(['nothing'])
  expect(marked('nothing', [])).toEqual(['nothing'])
})

test('a word that stands everywhere is marked a bounded number of times', () => {
  const pieces = splitAtWords('x '.repeat(5_000), ['x'])
  expect(pieces.length).toBeLessThan(1_100)
  expect(pieces.map(({ text }) => text).join('')).toHaveLength(10_000)
})
