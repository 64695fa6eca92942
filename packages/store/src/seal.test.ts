import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { openSealer, type SealPlace } from './seal.ts'

const place: SealPlace = { owner: 'ada', table: 'connections', row: 'c1', column: 'sealed_access' }
const [one, other] = [randomBytes(32), randomBytes(32)]
const sealer = openSealer([one])
const text = 'a token, ünicode and all'

test('what is sealed opens in its place, is not to be read, and never looks the same twice', () => {
  const sealed = sealer.seal(text, place)
  expect(sealer.open(sealed, place)).toEqual({ ok: true, text })
  expect(sealed.includes(text)).toBe(false)
  expect(sealer.seal(text, place).equals(sealed)).toBe(false)
  expect(sealer.open(sealer.seal('', place), place)).toEqual({ ok: true, text: '' })
})

test.each([
  ['owner', { ...place, owner: 'eve' }],
  ['table', { ...place, table: 'authorization_attempts' }],
  ['row', { ...place, row: 'c2' }],
  ['column', { ...place, column: 'sealed_refresh' }],
  // Joined by a mere separator these two would be the same place.
  ['division', { ...place, owner: 'ada","connections', table: '' }],
])('moved to another %s it does not open, and is not wrapped anew', (_name, elsewhere) => {
  const sealed = sealer.seal(text, place)
  expect(sealer.open(sealed, elsewhere)).toEqual({ ok: false, problem: 'broken' })
  expect(openSealer([other, one]).rewrap(sealed, elsewhere)).toBe(null)
})

test('with any one byte changed, or any number cut off, it does not open', () => {
  const sealed = sealer.seal(text, place)
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect([at, sealer.open(changed, place).ok]).toEqual([at, false])
    expect([at, sealer.open(sealed.subarray(0, at), place).ok]).toEqual([at, false])
  }
})

test('the wrapped key of one value does not open another one of the same place', () => {
  const [first, second] = [sealer.seal(text, place), sealer.seal(text, place)]
  const mixed = Buffer.concat([first.subarray(0, 69), second.subarray(69)])
  expect(sealer.open(mixed, place)).toEqual({ ok: false, problem: 'broken' })
})

test('a new key opens what the old one closed, and after wrapping anew the old one is not needed', () => {
  const sealed = sealer.seal(text, place)
  const both = openSealer([other, one])
  expect(both.open(sealed, place)).toEqual({ ok: true, text })
  const rewrapped = both.rewrap(sealed, place)
  expect(rewrapped !== null && openSealer([other]).open(rewrapped, place)).toEqual({ ok: true, text })
  expect(both.rewrap(rewrapped ?? sealed, place)).toBe(null)
  // The value itself was not touched, only its key.
  expect(rewrapped?.subarray(-20).equals(sealed.subarray(-20))).toBe(true)
})

test('without the key that closed it nothing opens, and it says so', () => {
  expect(openSealer([other]).open(sealer.seal(text, place), place)).toEqual({ ok: false, problem: 'unknown-key' })
  expect(() => openSealer([])).toThrow()
  expect(() => openSealer([Buffer.from('short')])).toThrow()
})
