// A fork begins where the other session was: its conversation, and its work tree.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SessionEvent } from '@slipway/core/events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCliHome, type CliHome } from '../apps/cli/src/testing/cli-process.ts'
import { createSampleProject } from './sample-projects/create-sample-project.ts'

let cli: CliHome
beforeAll(async () => {
  cli = await openCliHome()
})
afterAll(() => cli.close())

test('goes on from the tree as it was, with another script, to a change request of its own', async () => {
  const project = await createSampleProject('python', join(cli.home, '..', 'forked'))
  const model = await cli.script('first', project.script.steps)
  const check = project.checks[0] ?? ''
  const common = ['--repo', project.path, '--task', project.task, '--auto', '--sandbox', 'bubblewrap', '--check', check, '--json']
  const first = await cli.run(['run', ...common, '--model', model])
  const events = first.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as SessionEvent)
  const sessionId = events[0]?.sessionId ?? ''
  // After the right edit, before the commit.
  const lastEdit = events.findLast((event) => event.body.type === 'checkpoint-created')?.seq ?? 0
  const atSeq = events.find((event) => event.seq > lastEdit && event.body.type === 'tool-finished')?.seq ?? 0

  // The fork's model only hands in what it finds: without the tree there would be nothing to commit.
  const before = Array.from({ length: 20 }, () => ({ tool_calls: [{ name: 'list_files', input: {} }] }))
  const answered = events.filter((event) => event.seq <= atSeq && event.body.type === 'model-responded').length
  const handIn = await cli.script('hand-in', [...before.slice(0, answered), ...project.script.steps.slice(-4)])
  const forked = await cli.run(['fork', sessionId, '--at', String(atSeq), '--model', handIn])
  const forkId = forked.stdout.trim()
  expect((await cli.run(['resume', forkId])).code).toBe(0)

  const git = async (...args: string[]) => (await promisify(execFile)('git', ['-C', project.path, ...args])).stdout.trim()
  const trees = await Promise.all(
    [sessionId, forkId].map(async (id) =>
      git('rev-parse', `${await git('for-each-ref', '--format=%(refname)', `refs/heads/slipway/${id}*`)}^{tree}`),
    ),
  )
  expect(trees[0]).toBe(trees[1])
})
