import { expect, test } from 'vitest'
import { safePath } from './safe-path.ts'

test.each(['/', '/sessions', '/sessions/a?x=1&y=%2F#part', '/a/../b', '/shared/%C3%BC'])('%s is a path on this server', (path) => {
  const safe = safePath(path)
  expect(safe).not.toBe(null)
  expect(new URL(safe ?? '', 'https://slipway.example.org').origin).toBe('https://slipway.example.org')
})

test.each([
  '',
  'sessions',
  '//evil.test',
  '///evil.test',
  '/\\evil.test',
  '\\/evil.test',
  '/\t/evil.test',
  '/\n//evil.test',
  ' /x',
  'https://evil.test',
  'javascript:alert(1)',
  '/.//evil.test',
  '/a/..//evil.test',
  `/${'a'.repeat(2_001)}`,
])('%j could lead elsewhere', (path) => {
  expect(safePath(path)).toBe(null)
})
