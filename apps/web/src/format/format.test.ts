import { expect, test } from 'vitest'
import { formatCount, plural } from './count.ts'
import { formatAgo } from './date.ts'
import { formatDuration } from './duration.ts'
import { formatMoney, formatMoneyTick } from './money.ts'

test('money never rounds a cost away', () => {
  expect([0, 1, 9_999, 10_000, 1_239_900, 1_240_000_000].map(formatMoney)).toEqual([
    '$0.00',
    '<$0.01',
    '<$0.01',
    '$0.01',
    '$1.24',
    '$1,240',
  ])
})

test('counts keep about three figures', () => {
  expect([0, 999, 1_000, 9_440, 9_960, 128_300, 999_600, 1_250_000].map(formatCount)).toEqual([
    '0',
    '999',
    '1k',
    '9.4k',
    '10k',
    '128k',
    '1M',
    '1.3M',
  ])
  expect([plural(1, 'file'), plural(1_200, 'file'), plural(2, 'entry', 'entries')]).toEqual(['1 file', '1,200 files', '2 entries'])
})

test('durations change their unit without a jump', () => {
  expect([0, 340, 4_200, 9_960, 59_600, 252_000, 11_100_000, 187_200_000].map(formatDuration)).toEqual([
    '0 ms',
    '340 ms',
    '4.2 s',
    '10 s',
    '1 min 0 s',
    '4 min 12 s',
    '3 h 05 min',
    '2 d 4 h',
  ])
})

test('moments are told by their distance first, by their day later', () => {
  const now = new Date(2026, 10, 21, 9, 0).getTime()
  const before = (ms: number): string => formatAgo(new Date(now - ms).toISOString(), now)
  const hour = 3_600_000
  expect([10_000, 240_000, 3 * hour, 11 * hour, 48 * hour, 240 * hour, 9_000 * hour].map(before)).toEqual([
    'now',
    '4 min ago',
    '3 h ago',
    'yesterday',
    '2 d ago',
    '11 Nov',
    '11 Nov 2025',
  ])
})

test('marks on an axis of money differ from one another', () => {
  const marks = (step: number): string[] => [0, 1, 2].map((at) => formatMoneyTick(at * step, 4 * step))
  expect(marks(1_000)).toEqual(['$0', '$0.001', '$0.002'])
  expect(marks(450_000)).toEqual(['$0', '$0.45', '$0.90'])
  expect(marks(6_000_000)).toEqual(['$0', '$6', '$12'])
})
