import { expect, test } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')

test.each<[headers: Record<string, string>, body: string | null, expected: number | null]>([
  [{}, null, null],
  [{ 'retry-after': '7' }, null, 7_000],
  [{ 'retry-after': '0.5' }, null, 500],
  [{ 'retry-after-ms': '1250', 'retry-after': '7' }, null, 1_250],
  [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:30 GMT' }, null, 30_000],
  [{ 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }, null, 0],
  [{ 'retry-after': 'soon' }, null, null],
  [{ 'retry-after': '' }, '{"retryDelay":"34.4s"}', 34_400],
])('%o with body %s waits %s', (headers, body, expected) => {
  expect(retryAfterMs(headers, body, NOW)).toBe(expected)
})
