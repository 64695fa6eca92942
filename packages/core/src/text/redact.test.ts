import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeRedactor } from './redact.ts'
import { cpuMs } from '../testing/cpu-ms.ts'

// Made up, and put together at run time, so that no secret scanner takes this file for a leak.
const key = ['sk', 'ant', 'api03-Zm9vYmFyMTIzNDU2Nzg5MA'].join('-')
const secret = 'p4ss/w0rd+with "quotes" & ümlaut'

describe('makeRedactor', () => {
  const redact = makeRedactor([secret, 'hunter2-hunter2', 'short'])

  it('leaves other text alone, the empty one too', () => {
    for (const text of ['', 'nothing to see', 'short words stay', 'hunter2 alone stays']) expect(redact(text)).toBe(text)
  })

  it('replaces a secret wherever it stands', () => {
    expect(redact('a hunter2-hunter2, hunter2-hunter2hunter2-hunter2')).toBe('a [secret], [secret][secret]')
  })

  it('replaces it reversed, in hex, percent-encoded, in JSON and in HTML', () => {
    const bytes = Buffer.from(secret)
    const json = JSON.stringify(secret).slice(1, -1)
    const forms = [
      [...secret].reverse().join(''),
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      encodeURIComponent(secret),
      encodeURIComponent(secret).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
      new URLSearchParams({ v: secret }).toString().slice(2).replaceAll('%22', '%22'),
      json,
      JSON.stringify(json).slice(1, -1),
      secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;'),
    ]
    for (const form of forms) expect(redact(`<${form}>`)).toBe('<[secret]>')
  })

  it('replaces it in base64 and base64url whatever stands around it', () => {
    for (const before of ['', 'a', 'ab', 'abc', 'user:']) {
      for (const after of ['', '\n', ' more text']) {
        for (const encoding of ['base64', 'base64url'] as const) {
          const text = Buffer.from(before + secret + after).toString(encoding)
          const redacted = redact(text)
          expect(redacted).toContain('[secret]')
          expect(Buffer.from(redacted.replace('[secret]', '_'.repeat(40)), encoding).toString()).not.toContain('w0rd')
        }
      }
    }
  })

  it('replaces each line of a secret that has several', () => {
    const pem = `-----BEGIN X-----\n${'A1b2'.repeat(16)}\n${'C3d4'.repeat(16)}\n-----END X-----\n`
    expect(makeRedactor([pem])(`  ${'A1b2'.repeat(16)}\n  ${'C3d4'.repeat(16)}`)).toBe('  [secret]\n  [secret]')
    expect(makeRedactor([pem])(JSON.stringify(pem))).not.toContain('A1b2A1b2')
  })

  it('finds the longer of two secrets, and overlapping ones', () => {
    expect(makeRedactor(['abcdefgh', 'abcdefghijkl'])('abcdefghijkl')).toBe('[secret]')
    expect(makeRedactor(['abcdefgh', 'efghijkl'])('-abcdefghijkl-')).toBe('-[secret]-')
  })

  it('ignores secrets that are too short to tell from text', () => {
    expect(makeRedactor(['', '1234567', '       a '])('1234567 a')).toBe('1234567 a')
  })

  it('is done after one pass', () => {
    const text = `x ${secret} ${key} https://user:pass@host Authorization: Bearer abcdefghij0123456789`
    expect(redact(redact(text))).toBe(redact(text))
  })

  it('leaves nothing of any secret, for any secrets and text', () => {
    const anySecret = fc
      .string({ minLength: 8, maxLength: 20, unit: fc.constantFrom('a', 'b', '1', '/', '+', 'é') })
      .filter((value) => value.trim().length >= 8)
    fc.assert(
      fc.property(
        fc.array(anySecret, { minLength: 1, maxLength: 3 }),
        fc.array(fc.string({ maxLength: 4 }), { maxLength: 4 }),
        fc.nat(2),
        (secrets, parts, pick) => {
          const text = parts.join(secrets[pick % secrets.length])
          const redacted = makeRedactor(secrets)(text)
          for (const value of secrets) expect(redacted).not.toContain(value)
        },
      ),
    )
  })

  it('takes seconds, not minutes, for ten megabytes', () => {
    const log = `${'2026-01-01T00:00:00Z info GET /api/v1/sessions/01J 200 12ms user-agent=curl token expires in 3600 seconds; authorization ok'.repeat(8)}\n`
    const text = log.repeat(Math.ceil(10_000_000 / log.length))
    const many = makeRedactor(Array.from({ length: 20 }, (_, index) => `${key}${index}${'k3y'.repeat(index)}`))
    expect(cpuMs(() => many(text))).toBeLessThan(3_000)
  })

  it('stays quick on hostile input', () => {
    const units = [
      '-----BEGIN PRIVATE KEY-----',
      '://',
      '://a:',
      'bearer ',
      'authorization: ',
      'eyJaaaaaaaaaaaa.',
      'sk-',
      'a',
      'hunter2-hunter',
    ]
    const all = () => units.forEach((unit) => redact(unit.repeat(1_000_000 / unit.length)))
    expect(cpuMs(all)).toBeLessThan(5_000)
  })
})

describe('makeRedactor, without knowing the secret', () => {
  const redact = makeRedactor([])
  const random = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5pQ8sT1vW4yZ7x'

  it('knows the shapes of keys', () => {
    const shapes = [
      key,
      `ghp_${random.slice(0, 36)}`,
      `github_pat_${random}${random.slice(0, 20)}`,
      `glpat-${random.slice(0, 20)}`,
      `AIza${random.slice(0, 35)}`,
    ]
    shapes.push(
      `npm_${random.slice(0, 36)}`,
      `${'AKIA'}IOSFODNN7EXAMPLE`,
      `xoxb-${random.slice(0, 24)}`,
      `sk-${random.slice(0, 40)}`,
      `ntn_${random.slice(0, 46)}`,
    )
    shapes.push(['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', random].join('.'))
    for (const shape of shapes) expect(redact(`key=${shape}; next`)).toBe('key=[secret]; next')
  })

  it('knows headers', () => {
    expect(redact(`authorization: Bearer ${random}`)).toBe('authorization: Bearer [secret]')
    expect(redact(`"Authorization": "Basic dXNlcjpwYXNzMTIzNDU2"`)).toBe('"Authorization": "Basic [secret]"')
    expect(redact(`x-api-key: ${random}`)).toBe('x-api-key: [secret]')
    expect(redact(`curl -H 'PRIVATE-TOKEN: ${random}'`)).toBe("curl -H 'PRIVATE-TOKEN: [secret]'")
  })

  it('knows the login of a URL', () => {
    expect(redact('git clone https://x-access-token:abc123@github.com/a/b')).toBe('git clone https://[secret]@github.com/a/b')
    expect(redact('https://host/a@b and mailto://someone@host and ssh://git@host')).toBe(
      'https://host/a@b and mailto://someone@host and ssh://git@host',
    )
  })

  it('knows private keys, escaped ones and cut-off ones too', () => {
    const lines = `${random.slice(0, 44)}\n`.repeat(5)
    const pem = `-----BEGIN RSA PRIVATE KEY-----\n${lines}-----END RSA PRIVATE KEY-----`
    expect(redact(`a\n${pem}\nb`)).toBe('a\n[secret]\nb')
    expect(redact(JSON.stringify({ pem }))).toBe('{"pem":"[secret]"}')
    expect(redact(`-----BEGIN PRIVATE KEY-----\n${lines}`)).not.toContain(random.slice(0, 44))
  })

  it('lets source code and prose pass', () => {
    const texts = [
      'headers: { Authorization: `Bearer ${token}` }',
      "headers['Authorization'] = 'Bearer ' + config.accessToken",
      'authorization: process.env.GITHUB_TOKEN_OF_THE_BOT',
      'a risk-assessment-of-something-quite-long and task-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      'const url = `postgres://${user}:${password}@${host}/db`',
      "if (text.startsWith('-----BEGIN PRIVATE KEY-----')) throw new Error('no')",
      'the bearer of this letter, asiapacificregionnorth, authorization required for everybody',
      'sha 4f2a91c0d3e5f6a7b8c9d0e1f2a3b4c5d6e7f8a9',
    ]
    for (const text of texts) expect(redact(text)).toBe(text)
  })
})
