import { expect, test } from 'vitest'
import { createRoutine } from '../contract/routine-routes.ts'
import { createSession, listSessions, sendMessage } from '../contract/session-routes.ts'
import type { Schema } from '../contract/route.ts'
import { explainIssue } from './explain-issue.ts'

function problemsOf(schema: Schema, given: unknown): string[] {
  const result = schema.safeParse(given)
  return result.success ? [] : result.error.issues.map(explainIssue)
}

test('says what a field must be, and never what a library calls it', () => {
  expect(problemsOf(createSession.body, null)).toEqual(['must be a JSON object'])
  expect(problemsOf(createSession.body, { task: 7, checks: 'all', budgetUsd: 0, autonomy: 'some', mood: 'good' })).toEqual([
    'task: must be a text',
    'repository: is missing; send a text',
    'checks: must be a list',
    'budgetUsd: must not be 0 or below',
    'autonomy: must be one of ask, plan, auto',
    'there is no field "mood"; leave it out, or see /api/v1/openapi.json',
  ])
  expect(problemsOf(sendMessage.body, { text: ' ' })).toEqual(['text: is empty; send something in it'])
  expect(problemsOf(listSessions.query, { limit: 'x', cursor: 'y'.repeat(65) })).toEqual([
    'limit: must be a number',
    'cursor: must have at most 64 characters',
  ])
  expect(problemsOf(listSessions.query, { limit: '201' })).toEqual(['limit: must not be above 200'])
  expect(problemsOf(createRoutine.body, { name: 'n', cron: '0 3 *', session: { task: 'x', repository: '/r' } })).toEqual([
    'cron: must have five fields: minute hour day month weekday, such as 0 3 * * 1-5',
  ])
})
