import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeSecretGuard } from './secret-guard.ts'

const unpack = (base64: string): string | null => {
  try {
    return gunzipSync(Buffer.from(base64, 'base64')).toString()
  } catch {
    return null
  }
}
const guardOf = (...secrets: string[]) => makeSecretGuard(secrets, unpack)
// Made up, and put together at run time, so that no secret scanner takes this file for a leak.
const secret = ['kD93', 'fQpa', '/x+8', 'ZtwL', '&20v'].join('')
const guard = guardOf(secret)

describe('text', () => {
  const wide = Buffer.from(secret, 'utf16le')
  const forms: Record<string, string> = {
    plain: secret,
    reversed: [...secret].reverse().join(''),
    'base64 twice': Buffer.from(Buffer.from(secret).toString('base64')).toString('base64'),
    'base64 twice, both shifted': Buffer.from(`x${Buffer.from(`ab${secret}`).toString('base64')}`).toString('base64'),
    'UTF-16': wide.toString('latin1'),
    'base64 of UTF-16': wide.toString('base64'),
    'bytes in hex': Buffer.from(secret).toString('hex').match(/../g)!.join(' '),
    'escaped bytes': `"${Buffer.from(secret).toString('hex').replace(/../g, '\\x$&')}"`,
    'JSON as some write it': JSON.stringify(secret).replace('&', '\\u0026').replace('+', '\\u002b'),
    'gzip in base64': gzipSync(`key: ${secret}`).toString('base64'),
    'between characters that are not stored': [...secret].join('\0'),
    'between half pairs': [...secret].join('\ud800'),
  }
  it.each(Object.entries(forms))('takes a secret out: %s', (_, form) => {
    const text = guard.text(`before ${form} after`)
    expect(text).toContain('[secret]')
    expect(text.startsWith('before ')).toBe(true)
    expect(text).not.toContain(form.slice(4, 16))
  })

  it('gives other text back as it is, keys of other people too', () => {
    const texts = [
      '',
      'a',
      'Authorization: Bearer abcdefghij0123456789',
      'https://user:pass@host',
      'x\0y',
      '😀',
      gzipSync('no').toString('base64'),
    ]
    for (const text of texts) expect(guard.text(text)).toBe(text)
  })

  it('takes out the beginning of a secret where the text breaks off, but not a few characters', () => {
    expect(guard.text(`so far ${secret.slice(0, 14)}`)).toBe('so far [secret]')
    expect(guard.text(`so far ${Buffer.from(secret).toString('base64').slice(0, 14)}`)).toBe('so far [secret]')
    expect(guard.text(`so far ${secret.slice(0, 6)}`)).toBe(`so far ${secret.slice(0, 6)}`)
  })

  it('takes out half a secret wherever a text was cut, at either end of it, in every form', () => {
    const value = 'k3y-of-the-model-provider-91xQ'
    const half = guardOf(value)
    for (const form of [value, Buffer.from(value).toString('hex').replace(/../g, '\\x$&'), Buffer.from(value).toString('base64url')]) {
      const kept = Math.ceil(form.length * 0.75)
      const [beginning, end] = [form.slice(0, kept), form.slice(-kept)]
      for (const text of [`git said: ${beginning}\nThe commit is safe.`, `The end of the log: ${end} and more`, `${end}\n${beginning}`]) {
        expect(half.text(text)).not.toMatch(new RegExp(form.slice(form.length / 3, (form.length * 2) / 3).replaceAll('\\', '\\\\')))
        expect(half.text(text)).toContain('[secret]')
        expect(half.bytes(Buffer.from(text))).toEqual(new Uint8Array(Buffer.from(half.text(text))))
      }
    }
    expect(half.text('k3y-of-the-moon is not one, nor is no-provider-91xQ')).toBe('k3y-of-the-moon is not one, nor is no-provider-91xQ')
  })

  it('ignores secrets that are too short, and does nothing without secrets', () => {
    expect(guardOf('1234567').text('1234567')).toBe('1234567')
    const value = { a: ['b'] }
    expect(guardOf().value(value)).toBe(value)
  })

  it('leaves no form of any secret at any place', () => {
    const anySecret = fc.string({ minLength: 8, maxLength: 24, unit: fc.constantFrom('a', 'b', '1', '/', '+', 'é', '"') })
    fc.assert(
      fc.property(anySecret, fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (value, before, after) => {
        for (const encode of [(text: string) => text, (text: string) => Buffer.from(text).toString('base64'), encodeURIComponent]) {
          const form = encode(value)
          if (value.trim() === value) expect(guardOf(value).text(`${before}${form}${after}`)).not.toContain(value)
        }
      }),
    )
  })
})

describe('value', () => {
  it('looks into lists, objects and names, and changes nothing else', () => {
    const given = { a: [1, null, `x${secret}`, { [secret]: true }], b: { c: 'd' } }
    const guarded = guard.value(given)
    expect(guarded).toEqual({ a: [1, null, 'x[secret]', { '[secret]': true }], b: { c: 'd' } })
    expect(guarded.b).toBe(given.b)
    expect(given.a[2]).toBe(`x${secret}`)
  })

  it('gives back the very same object when there is nothing to take out', () => {
    const given = { a: [{ b: 'c' }], d: new Date(0).toISOString() }
    expect(guard.value(given)).toBe(given)
  })
})

describe('bytes', () => {
  it('finds a secret between bytes that are no text', () => {
    const noise = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const guarded = guard.bytes(Buffer.concat([noise, Buffer.from(secret), noise]))
    expect(Buffer.from(guarded)).toEqual(Buffer.concat([noise, Buffer.from('[secret]'), noise]))
    expect(guard.bytes(noise)).toBe(noise)
  })

  it('finds a secret in UTF-16 of either order', () => {
    const wide = Buffer.from(`a${secret}b`, 'utf16le')
    for (const bytes of [wide, Buffer.from(wide).swap16()]) expect(Buffer.from(guard.bytes(bytes)).toString('latin1')).toContain('[secret]')
  })

  it('finds a secret with characters beyond ASCII', () => {
    expect(Buffer.from(guardOf('pässwörter-123').bytes(Buffer.from('<pässwörter-123>'))).toString()).toBe('<[secret]>')
  })
})

describe('stream', () => {
  function stream(secrets: string[], chunks: string[]): string[] {
    const redactor = guardOf(...secrets).stream()
    return [...chunks.map((chunk) => redactor.push(chunk)), redactor.end()]
  }

  it('finds a secret that is cut anywhere', () => {
    const text = 'before hunter2-hunter2 after'
    for (let cut = 0; cut <= text.length; cut++) {
      expect(stream(['hunter2-hunter2'], [text.slice(0, cut), text.slice(cut)]).join('')).toBe('before [secret] after')
    }
    expect(stream(['hunter2-hunter2'], [...text]).join('')).toBe('before [secret] after')
  })

  it('hands ordinary words out at once, and gives back what only began like a secret', () => {
    expect(stream(['hunter2-hunter2'], ['one two ', 'three ', 'hunt', 'ing'])).toEqual(['one two ', 'three ', '', 'huntin', 'g'])
    expect(stream(['correct horse battery'], ['a correct ho', 'ur', 's '])).toEqual(['a ', 'correct hour', 's ', ''])
  })

  it('says the same as for whole texts, however the text is cut', () => {
    const piece = fc.constantFrom('hunter2-hunter2', 'hunter2', 'correct horse battery', 'correct horse', ' ', '\n', 'a', 'c', 'hunte')
    const secrets = ['hunter2-hunter2', 'correct horse battery', 'battery2hunter']
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(60), { maxLength: 12 }), (pieces, lengths) => {
        const text = pieces.join('')
        const chunks: string[] = []
        let position = 0
        for (const length of [...lengths, text.length]) {
          chunks.push(text.slice(position, position + length))
          position += length
        }
        expect(stream(secrets, chunks).join('')).toBe(guardOf(...secrets).text(text))
      }),
      { numRuns: 1000 },
    )
  })

  it('finds a packed secret that is cut anywhere', () => {
    const form = gzipSync(`key: ${secret}`).toString('base64')
    for (let cut = 0; cut <= form.length; cut++) {
      const redactor = guard.stream()
      const parts = [redactor.push(`a ${form.slice(0, cut)}`), redactor.push(`${form.slice(cut)} b`), redactor.end()]
      expect(parts.join('')).toBe('a [secret] b')
    }
  })

  it('holds back no more than a secret is long', () => {
    const redactor = guard.stream()
    let held = 0
    for (let index = 0; index < 2_000; index++) held += 64 - redactor.push('x'.repeat(64)).length
    expect(held).toBe(0)
  })
})

it('costs less than a tenth of a millisecond for an event of two kilobytes', () => {
  const many = guardOf(...Array.from({ length: 10 }, (_, index) => `${secret}${'k3y'.repeat(index * 4)}`))
  const event = { type: 'tool-finished', callId: 'c1', ok: true, output: 'export const answer = 42 // as ever\n'.repeat(56) }
  for (let round = 0; round < 2_000; round++) many.value(event)
  const startedAt = process.cpuUsage()
  for (let round = 0; round < 10_000; round++) many.value(event)
  const { user, system } = process.cpuUsage(startedAt)
  expect((user + system) / 10_000 / 1_000).toBeLessThan(0.1)
})
