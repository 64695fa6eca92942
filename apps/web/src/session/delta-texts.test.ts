import { expect, test } from 'vitest'
import { makeDeltaTexts } from './delta-texts.ts'

test('of a thousand calls that ended last, late pieces are let go', () => {
  const texts = makeDeltaTexts()
  for (let call = 0; call < 10_000; call++) texts.finish(`c${call}`)
  const isTaken = (call: number): boolean => texts.write({ callId: `c${call}`, channel: 'text', offset: 0, text: 'late' })
  for (let call = 9_000; call < 10_000; call++) expect(isTaken(call)).toBe(false)
  expect(isTaken(0)).toBe(true)
})
