import { expect, test } from 'vitest'
import { lineOf } from './tools.ts'

type Finished = Parameters<typeof lineOf>[0]['finished']

const verb = (tool: string, problem: 'failed' | 'denied' | null) =>
  lineOf({ tool, input: {}, finished: { ok: problem === null, problem, facts: {} } as unknown as Finished }).verb

test('what failed is not said to have happened', () => {
  expect([verb('publish', null), verb('publish', 'failed'), verb('publish', 'denied')]).toEqual([
    'Published',
    'Not published',
    'Publishing',
  ])
  expect(['commit', 'write_file', 'edit_file'].map((tool) => verb(tool, 'failed'))).toEqual(['Not committed', 'Not written', 'Not edited'])
})

test('a command that failed was run all the same', () => {
  expect([verb('bash', 'failed'), verb('bash', null)]).toEqual(['Ran', 'Ran'])
})
