import { makeSecret } from '@slipway/core/secret'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openGrowingGuard } from './growing-guard.ts'

test('a token that becomes known is taken out from then on, beside those that were known before', () => {
  const { guard, redact, learn } = openGrowingGuard(['installation-secret-1'])
  const text = 'said installation-secret-1 and account-token-0001'
  expect(guard.text(text)).toBe('said [secret] and account-token-0001')
  learn(makeSecret('account-token-0001'))
  expect(guard.text(text)).toBe('said [secret] and [secret]')
  expect(guard.value({ deep: [text] })).toEqual({ deep: ['said [secret] and [secret]'] })
  expect(redact(text)).toBe('said [secret] and [secret]')
  expect(Buffer.from(guard.bytes(Buffer.from(text))).toString()).toBe('said [secret] and [secret]')
})

test('two hundred tokens are remembered, and the installation’s own secrets always', () => {
  const { guard, learn } = openGrowingGuard(['installation-secret-1'])
  for (let count = 0; count < 300; count++) learn(makeSecret(`account-token-${String(count).padStart(4, '0')}`))
  expect(guard.text('installation-secret-1 account-token-0299 account-token-0100')).toBe('[secret] [secret] [secret]')
  expect(guard.text('account-token-0099')).toBe('account-token-0099')
})

test('a line of the log holds no secret either that was packed on its way', () => {
  const { redact } = openGrowingGuard(['installation-secret-1'])
  const packed = gzipSync('Authorization: installation-secret-1').toString('base64')
  expect(redact(`answered ${packed} and Bearer abcdefghijklmnop1234`)).toBe('answered [secret] and Bearer [secret]')
})
