import { expect, test } from 'vitest'
import { planStateOf } from './plan-states.ts'

test('a plan under way says how many of its tasks need somebody', () => {
  const progress = { tasks: 3, approved: 3, finished: 0, needPerson: 0 }
  const name = (state: 'approved' | 'planned', needPerson: number): string =>
    planStateOf({ state, progress: { ...progress, needPerson } }).name
  expect([name('approved', 0), name('approved', 1), name('approved', 2), name('planned', 1)]).toEqual([
    'Under way',
    '1 task needs you',
    '2 tasks need you',
    'Tasks to approve',
  ])
})
