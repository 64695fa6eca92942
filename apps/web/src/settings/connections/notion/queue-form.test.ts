import { expect, test } from 'vitest'
import { bodyOf, formOf } from './queue-form.ts'
import type { Queue } from './use-queues.ts'

const queue: Queue = {
  dataSourceId: 'd',
  databaseId: 'b',
  title: 'Tasks',
  fields: {
    title: { id: 'title', type: 'title' },
    status: { id: 's', type: 'status' },
    cost: null,
    summary: { id: 'y', type: 'rich_text' },
  },
  statuses: { ready: 'Go', inProgress: 'Going', inReview: 'Look', blocked: 'Stuck', done: 'Done' },
  defaults: { repository: 'acme/clock', base: null, model: 'ollama/x', autonomy: 'auto', checks: ['make'], budgetUsd: null },
  allowedPeople: ['p'],
  isQueue: true,
  lookedAt: null,
  problem: null,
}

test('a database that is connected keeps what the form does not show', () => {
  const form = formOf(queue)
  expect(bodyOf({ ...form, fields: { ...form.fields, cost: 'c' } }, queue)).toEqual({
    databaseId: 'd',
    fields: { status: 's', assignee: null, repository: null, changeRequest: null, deployment: null, cost: 'c', summary: 'y' },
    statuses: queue.statuses,
    defaults: { repository: 'acme/clock', model: 'ollama/x', autonomy: 'auto', checks: ['make'] },
    allowedPeople: ['p'],
    isQueue: true,
    addMissing: false,
  })
})

test('a new one leaves what nobody chose to be found', () => {
  expect(bodyOf({ ...formOf(null), databaseId: 'd' }, null)).toEqual({
    databaseId: 'd',
    fields: {},
    statuses: { ready: 'Ready', inProgress: 'In Progress', inReview: 'In Review', blocked: 'Blocked', done: 'Done' },
    defaults: { autonomy: 'plan' },
    allowedPeople: [],
    isQueue: true,
    addMissing: true,
  })
})
