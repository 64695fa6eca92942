import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromRoman, toRoman } from '../src/roman.js'

test('writes numbers as letters, largest first', () => {
  assert.equal(toRoman(1), 'I')
  assert.equal(toRoman(2026), 'MMXXVI')
  assert.equal(toRoman(3888), 'MMMDCCCLXXXVIII')
})

test('reads letters back', () => {
  assert.equal(fromRoman('MMXXVI'), 2026)
  assert.equal(fromRoman('lxvi'), 66)
})

test('refuses what cannot be carved', () => {
  assert.throws(() => toRoman(0), RangeError)
  assert.throws(() => toRoman(4000), RangeError)
  assert.throws(() => fromRoman('ABC'), RangeError)
})
