import { describe, expect, it } from 'vitest'
import { consecutiveMistakes, hasTooManyMistakes } from './mistakes.ts'

describe('consecutiveMistakes', () => {
  it('counts wrong calls at the end only', () => {
    expect(consecutiveMistakes([])).toBe(0)
    expect(consecutiveMistakes(['input', 'input', null])).toBe(0)
    expect(consecutiveMistakes(['input', null, 'input', 'input'])).toBe(2)
  })

  it('does not count calls that ran and failed, or were denied', () => {
    expect(consecutiveMistakes(['failed', 'denied', 'interrupted'])).toBe(0)
    expect(consecutiveMistakes(['input', 'failed', 'input'])).toBe(1)
  })
})

describe('hasTooManyMistakes', () => {
  it('asks at the fifth in a row', () => {
    expect(hasTooManyMistakes(['input', 'input', 'input', 'input'])).toBe(false)
    expect(hasTooManyMistakes(['input', 'input', 'input', 'input', 'input'])).toBe(true)
  })
})
