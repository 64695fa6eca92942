import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slug, title } from './slug.ts'

const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))

describe('slug', () => {
  it('joins lower-case words', () => {
    expect(slug('Fix the Login page: 2nd try!', 40)).toBe('fix-the-login-page-2nd-try')
  })

  it('writes letters with accents without them', () => {
    expect(slug('Größe für Café Žižkov', 40)).toBe('grosse-fur-cafe-zizkov')
  })

  it('cuts between words', () => {
    expect(slug('add a retry to the client', 12)).toBe('add-a-retry')
    expect(slug('internationalisation', 5)).toBe('inter')
  })

  it('does not split words at an apostrophe', () => {
    expect(slug("don't stop", 20)).toBe('dont-stop')
  })

  it('is empty when nothing can be written', () => {
    expect(slug('測試 🚀 ../..', 20)).toBe('')
  })

  it('is always safe in a git ref', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyUnit }), fc.integer({ min: 1, max: 60 }), (text, max) => {
        const result = slug(text, max)
        expect(result.length).toBeLessThanOrEqual(max)
        expect(result).toMatch(/^([a-z0-9]+(-[a-z0-9]+)*)?$/)
      }),
    )
  })
})

describe('title', () => {
  it('takes the first sentence', () => {
    expect(title('Add a retry to the client. It fails when the server restarts.', 80)).toBe('Add a retry to the client')
  })

  it('takes the first line that says something', () => {
    expect(title('\n\n## **Fix** the `login` page\n\nDetails follow.', 80)).toBe('Fix the login page')
    expect(title('- [ ] item', 80)).toBe('[ ] item')
  })

  it('does not stop at a version number or an early full stop', () => {
    expect(title('Upgrade to v2.0 of the client', 80)).toBe('Upgrade to v2.0 of the client')
    expect(title('E.g. fix it', 80)).toBe('E.g. fix it')
  })

  it('keeps a question mark', () => {
    expect(title('Why does the build fail? See the log.', 80)).toBe('Why does the build fail?')
  })

  it('is cut at a word', () => {
    expect(title('Add a retry to the client that talks to the server', 30)).toBe('Add a retry to the client…')
    expect(title('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`)
  })

  it('is one clean line of bounded length for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyUnit }), fc.integer({ min: 2, max: 100 }), (text, max) => {
        const result = title(text, max)
        expect(result.length).toBeLessThanOrEqual(max)
        expect(result).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
    )
  })
})
