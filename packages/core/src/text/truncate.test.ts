import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capLine, headTail } from './truncate.ts'
import { prefixIndex, suffixIndex, utf8Length } from './utf8.ts'

const anyText = fc.string({ unit: fc.constantFrom('a', 'ß', '字', '😀', '\n', ' '), maxLength: 200 })

describe('headTail', () => {
  it('returns a text that fits as it is', () => {
    expect(headTail('short\n', { headBytes: 3, tailBytes: 3 })).toEqual({ text: 'short\n', isCut: false, omittedBytes: 0, omittedLines: 0 })
  })

  it('keeps whole lines at both ends and says what is missing', () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${String(index).padStart(2, '0')}\n`).join('')
    expect(headTail(lines, { headBytes: 20, tailBytes: 20, hint: 'read the rest with offset' })).toEqual({
      text: 'line 00\nline 01\n[… 96 lines (768 bytes) left out here; read the rest with offset …]\nline 98\nline 99\n',
      isCut: true,
      omittedBytes: 768,
      omittedLines: 96,
    })
  })

  it('cuts inside a line when the line is longer than the room', () => {
    const cut = headTail('x'.repeat(1000), { headBytes: 4, tailBytes: 2, hint: 'ask' })
    expect(cut.text).toBe('xxxx\n[… 1 line (994 bytes) left out here; ask …]\nxx')
  })

  it('can keep the head alone or the tail alone', () => {
    expect(headTail('a\nb\nc\nd\n', { headBytes: 4, tailBytes: 0, hint: 'h' }).text).toBe('a\nb\n[… 2 lines (4 bytes) left out here; h …]')
    expect(headTail('a\nb\nc\nd\n', { headBytes: 0, tailBytes: 4, hint: 'h' }).text).toBe(
      '[… 2 lines (4 bytes) left out here; h …]\nc\nd\n',
    )
  })

  it('never keeps more than asked, never splits a character, and accounts for every byte', () => {
    fc.assert(
      fc.property(anyText, fc.nat(40), fc.nat(40), (text, headBytes, tailBytes) => {
        const cut = headTail(text, { headBytes, tailBytes, hint: '|' })
        if (!cut.isCut) {
          expect(cut.text).toBe(text)
          return
        }
        const [head = '', tail = ''] = cut.text.split(/\[… .* left out here; \| …\]\n?/)
        expect(utf8Length(tail)).toBeLessThanOrEqual(tailBytes)
        expect(text.endsWith(tail)).toBe(true)
        const keptHead = text.startsWith(head) ? head : head.slice(0, -1)
        expect(text.startsWith(keptHead)).toBe(true)
        expect(cut.text.isWellFormed()).toBe(true)
        expect(cut.omittedBytes).toBeGreaterThanOrEqual(utf8Length(text) - headBytes - tailBytes)
      }),
    )
  })
})

describe('capLine', () => {
  it('leaves a short line alone', () => {
    expect(capLine('abc', 3)).toBe('abc')
  })

  it('says how much of a long line is missing', () => {
    expect(capLine('a'.repeat(1300), 4)).toBe('aaaa… [+1,296 characters]')
  })

  it('does not split a surrogate pair', () => {
    expect(capLine('ab😀cd', 3)).toBe('ab… [+4 characters]')
  })
})

describe('utf8 sizes', () => {
  it('agree with a real encoder', () => {
    fc.assert(
      fc.property(anyText, fc.nat(300), (text, maxBytes) => {
        const encoder = new TextEncoder()
        expect(utf8Length(text)).toBe(encoder.encode(text).length)
        const prefix = text.slice(0, prefixIndex(text, maxBytes))
        const suffix = text.slice(suffixIndex(text, maxBytes))
        for (const part of [prefix, suffix]) {
          expect(part.isWellFormed()).toBe(true)
          expect(encoder.encode(part).length).toBeLessThanOrEqual(maxBytes)
          if (part !== text) expect(encoder.encode(part).length).toBeGreaterThan(maxBytes - 4)
        }
      }),
    )
  })

  it('count a lone surrogate as the replacement character', () => {
    expect(utf8Length('a\ud800')).toBe(4)
  })
})
