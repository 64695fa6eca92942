import { expect, test } from 'vitest'
import { eventAddress, soughtIn } from './event-address.ts'

test('an address leads to its event, and to the words sought there', () => {
  const words = ['a,b', '50%', 'ünter']
  expect(soughtIn(eventAddress({ sessionId: 's', seq: 12, words }).split('#')[1] ?? '')).toEqual({ seq: 12, words })
  expect(soughtIn(eventAddress({ sessionId: 's', seq: 12 }).split('#')[1] ?? '')).toEqual({ seq: 12, words: [] })
})

test.each(['', 'event-', 'event-0', 'event-1x', 'event-12345678901', 'other-1'])('%j names no event', (hash) => {
  expect(soughtIn(hash)).toBeNull()
})

test('what is not well encoded marks nothing', () => {
  expect(soughtIn('event-3:%zz,clock')).toEqual({ seq: 3, words: ['clock'] })
})
