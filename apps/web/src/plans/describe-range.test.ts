import { expect, test } from 'vitest'
import { minuteRange } from './describe-range.ts'

test('short times are told in minutes, long ones in hours', () => {
  expect(minuteRange({ low: 5, high: 15 })).toBe('5–15 min')
  expect(minuteRange({ low: 90, high: 180 })).toBe('90–180 min')
  expect(minuteRange({ low: 180, high: 540 })).toBe('3–9 h')
  expect(minuteRange({ low: 140, high: 140 })).toBe('2.5 h')
})
