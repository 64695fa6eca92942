import { expect, test } from 'vitest'
import { lookOf } from './needs.ts'

const outcomes = ['verified', 'partly-verified', 'unverified', 'nothing-to-do', 'stopped', 'failed'] as const

test('only what was checked is marked with success, and no two ends look alike', () => {
  const looks = outcomes.map((outcome) => lookOf({ need: 'done', outcome }))
  expect(looks.filter(({ tone }) => tone === 'text-success-text')).toEqual([looks[0]])
  expect(new Set(looks.map(({ icon, tone }) => `${icon.displayName} ${tone}`)).size).toBe(outcomes.length)
})

test('what needs somebody is marked by that, however its last turn ended', () => {
  expect(lookOf({ need: 'needs-you', outcome: 'failed' })).toMatchObject({ tone: 'text-warning-text' })
  expect(lookOf({ need: 'in-review', outcome: 'unverified' })).toMatchObject({ need: 'in-review' })
})
