import { expect, test } from 'vitest'
import { inspect } from 'node:util'
import { makeSecret } from './secret.ts'

test('a secret never shows its value by printing, joining, serialising or inspecting', () => {
  const secret = makeSecret('sk-very-private')
  const shown = [
    `${secret}`,
    String(secret),
    'key=' + secret,
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true }),
    Object.values(secret).map(String).join(),
  ]
  for (const text of shown) expect(text).not.toContain('sk-very-private')
  expect(shown.slice(0, 4)).toEqual(['[secret]', '[secret]', 'key=[secret]', '{"secret":"[secret]"}'])
  expect(secret.reveal()).toBe('sk-very-private')
})
