import { expect, test } from 'vitest'
import { statusesSchema } from './mapping.ts'
import { sortTasks } from './sort-tasks.ts'

const tasks = ['Done', null, 'ready', 'Blocked', 'Ready', 'Cancelled', 'In Progress'].map((status, at) => ({ at, status }))
const order = (statuses: object) => sortTasks(tasks, statusesSchema.parse(statuses)).map(({ at }) => at)

test('tasks that are ready come first and those that are done last, each in the order they came', () => {
  expect(order({})).toEqual([2, 4, 1, 3, 6, 0, 5])
})

test('a database that calls its states otherwise is sorted by its own words', () => {
  expect(order({ ready: 'Blocked', done: 'In Progress' })).toEqual([3, 1, 2, 4, 0, 5, 6])
})
