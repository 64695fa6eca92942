import { describe, expect, test } from 'vitest'
import { isPublicAddress } from './address.ts'
import { readClientHello } from './client-hello.ts'
import { canonicalHost, splitAuthority } from './host-name.ts'
import { parseRules } from './rules.ts'

describe('host names', () => {
  test('have one spelling', () => {
    for (const raw of ['Example.ORG', 'example.org.', 'example.org'])
      expect(canonicalHost(raw)).toEqual({ name: 'example.org', isAddress: false })
    for (const raw of ['2130706433', '0x7f.1', '0177.0.0.1', '127.1', '127.0.0.1'])
      expect(canonicalHost(raw)).toEqual({ name: '127.0.0.1', isAddress: true })
    expect(canonicalHost('[::ffff:7f00:1]')).toMatchObject({ isAddress: true })
  })

  test('that are none are refused', () => {
    for (const raw of [
      '',
      'a b',
      'allowed.com@evil',
      'allowed.com%00.evil',
      'a\0b',
      'a..b',
      '.a',
      'a/b',
      'a..',
      'é.org',
      '[::1',
      '1.2.3.4.5.',
      'x'.repeat(300),
    ]) {
      const found = canonicalHost(raw)
      expect([raw, found?.name ?? null]).toEqual([raw, null])
    }
    for (const raw of ['user@host:443', 'host', 'host:0', 'host:99999', 'host:443:1', 'host:4 43'])
      expect(splitAuthority(raw, null)).toBeNull()
  })
})

describe('rules', () => {
  const allows = (patterns: string[], host: string, port: number): boolean => {
    const canonical = canonicalHost(host)
    return canonical !== null && parseRules(patterns)(canonical, port)
  }
  test('match exactly, below a star, and on the named port', () => {
    expect(allows(['example.org'], 'EXAMPLE.org.', 443)).toBe(true)
    expect(allows(['example.org'], 'example.org', 80)).toBe(true)
    for (const host of ['a.example.org', 'example.org.evil.com', 'notexample.org', 'evil'])
      expect(allows(['example.org'], host, 443)).toBe(false)
    expect(allows(['example.org'], 'example.org', 22)).toBe(false)
    expect(allows(['*.example.org'], 'a.b.example.org', 443)).toBe(true)
    expect(allows(['*.example.org'], 'example.org', 443)).toBe(false)
    expect(allows(['example.org:8443'], 'example.org', 8443)).toBe(true)
    expect(allows(['example.org:8443'], 'example.org', 443)).toBe(false)
  })
  test('that are malformed are errors, not silence', () => {
    for (const pattern of ['*', '*.', 'https://a', 'a/b', '', 'a:x', '*.1.2.3.4', 'a.*.b'])
      expect(() => parseRules([pattern])).toThrow(/host pattern/)
  })
})

test('only global addresses are public', () => {
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '198.18.0.1',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    'x',
  ]) {
    expect([address, isPublicAddress(address)]).toEqual([address, false])
  }
  for (const address of ['1.1.1.1', '8.8.8.8', '2606:4700:4700::1111']) expect(isPublicAddress(address)).toBe(true)
})

test('a ClientHello is read across records, and nonsense is told from TLS', () => {
  const name = Buffer.from('example.org')
  const sni = Buffer.concat([Buffer.from([0, 0, 0, name.length + 5, 0, name.length + 3, 0, 0, name.length]), name])
  const body = Buffer.concat([Buffer.from([3, 3]), Buffer.alloc(32), Buffer.from([0, 0, 2, 0x13, 1, 1, 0, 0, sni.length]), sni])
  const hello = Buffer.concat([Buffer.from([1, 0, 0, body.length]), body])
  const record = (part: Buffer): Buffer => Buffer.concat([Buffer.from([22, 3, 1, 0, part.length]), part])
  const whole = { state: 'complete', serverName: 'example.org', isEncrypted: false }
  expect(readClientHello(record(hello))).toEqual(whole)
  expect(readClientHello(Buffer.concat([record(hello.subarray(0, 50)), record(hello.subarray(50))]))).toEqual(whole)
  for (let cut = 0; cut < record(hello).length; cut += 1) expect(readClientHello(record(hello).subarray(0, cut)).state).toBe('incomplete')
  expect(readClientHello(Buffer.from('GET / HTTP/1.1\r\n')).state).toBe('not-tls')
  expect(readClientHello(record(Buffer.concat([Buffer.from([1, 0, 0, 40]), Buffer.alloc(40, 0xff)]))).state).toBe('not-tls')
})
