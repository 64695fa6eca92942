import { expect, test } from 'vitest'
import { newWebhookSecret } from './webhook-secret.ts'

test('a secret is as long as what is signed with it, and another one each time', () => {
  const secrets = Array.from({ length: 20 }, () => newWebhookSecret('github'))
  expect(new Set(secrets).size).toBe(20)
  expect(secrets.every((secret) => /^[0-9a-f]{64}$/.test(secret))).toBe(true)
  const signing = newWebhookSecret('gitlab')
  expect([signing.startsWith('whsec_'), atob(signing.slice(6)).length]).toEqual([true, 32])
})
