import { expect, test } from 'vitest'
import { fillDays } from './fill-days.ts'
import { readDollars } from './read-dollars.ts'
import { nextOrder, sortRows, type Column } from './sort-rows.ts'

const columns: Column<{ name: string; ms: number | null }>[] = [
  { key: 'name', name: 'Name', value: ({ name }) => name },
  { key: 'ms', name: 'Time', value: ({ ms }) => ms },
]
const rows = [
  { name: 'model 10', ms: 5 },
  { name: 'Model 9', ms: null },
  { name: 'alpha', ms: 30 },
]

test('words are sorted as people count, figures by size, and what is not known comes last both ways', () => {
  const by = (key: string, isDescending: boolean) => sortRows(rows, columns, { key, isDescending }).map(({ name }) => name)
  expect(by('name', false)).toEqual(['alpha', 'Model 9', 'model 10'])
  expect(by('ms', false)).toEqual(['model 10', 'alpha', 'Model 9'])
  expect(by('ms', true)).toEqual(['alpha', 'model 10', 'Model 9'])
})

test('a column turns round on the second click', () => {
  const first = nextOrder({ key: 'name', isDescending: false }, 'ms', true)
  expect([first, nextOrder(first, 'ms', true)]).toEqual([
    { key: 'ms', isDescending: true },
    { key: 'ms', isDescending: false },
  ])
})

const day = { day: '2026-03-01', sessions: 2, verified: 1, failed: 1, costMicros: 5, inputTokens: 3, outputTokens: 4, medianMs: 60_000 }
const now = Date.parse('2026-03-02T10:00:00Z')

test('days without sessions are shown as nothing, up to today', () => {
  expect(fillDays([day], 3, now).map(({ day: name, sessions }) => [name, sessions])).toEqual([
    ['2026-02-28', 0],
    ['2026-03-01', 2],
    ['2026-03-02', 0],
  ])
})

test('a year is shown by weeks that lose nothing', () => {
  const weeks = fillDays([day, { ...day, day: '2025-06-01' }], 366, now)
  // No median of medians.
  expect(new Set(weeks.map(({ medianMs }) => medianMs))).toEqual(new Set([null]))
  expect([weeks.length, weeks.at(-1)?.sessions, weeks.reduce((sum, { costMicros }) => sum + costMicros, 0)]).toEqual([53, 2, 10])
})

test('a limit is an amount of dollars, and what is none says what would be', () => {
  expect(readDollars('12.50')).toEqual({ ok: true, dollars: 12.5 })
  expect(readDollars(' $3 ')).toEqual({ ok: true, dollars: 3 })
  for (const text of ['', '0', '-1', 'lots', '0.001', '1000001', '1e5'])
    expect([text, readDollars(text)]).toEqual([text, { ok: false, message: expect.stringMatching(/\$|dollars/) }])
})
