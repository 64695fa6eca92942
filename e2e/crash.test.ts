// A worker is killed with SIGKILL in the middle of a session, again and again. The next one brings it to the same end,
// with one branch, one change request and the same tree. Real PostgreSQL, git, sandbox and processes.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SessionEvent } from '@slipway/core/events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCliHome, type CliHome, type Run } from '../apps/cli/src/testing/cli-process.ts'
import { createSampleProject, type SampleProject } from './sample-projects/create-sample-project.ts'

const git = async (...args: string[]): Promise<string> => (await promisify(execFile)('git', args)).stdout.trim()

let cli: CliHome
beforeAll(async () => {
  cli = await openCliHome()
})
afterAll(() => cli.close())

function eventsOf(stdout: string): SessionEvent[] {
  // The last line may have been cut by the kill.
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as SessionEvent)
}

async function runUntil(run: Run, type: string, count: number): Promise<void> {
  await run.until(new RegExp(`(?:"type":"${type}"[^]*){${count}}`))
  run.child.kill('SIGKILL')
  await run.exited
}

/** Moments at which a kill hurts most: around model calls, edits, the commit, the verification and the push. */
const moments: [type: string, count: number][] = [
  ['session-created', 1],
  ['repository-prepared', 1],
  ['model-requested', 2],
  ['tool-started', 4],
  ['checkpoint-created', 2],
  ['commit-offered', 1],
  ['verification-finished', 1],
  ['branch-pushed', 1],
  ['change-request-opened', 1],
]

describe('after kill -9', () => {
  test.each(moments)(
    'at %s number %i, resume comes to the same end',
    async (type, count) => {
      const project: SampleProject = await createSampleProject('python', join(cli.home, '..', `crash-${type}`))
      const model = await cli.script(`crash-${type}`, project.script.steps)
      const check = project.checks[0] ?? ''
      const first = cli.start([
        'run',
        '--repo',
        project.path,
        '--task',
        project.task,
        '--model',
        model,
        '--auto',
        '--sandbox',
        'bubblewrap',
        '--json',
        '--check',
        check,
      ])
      await runUntil(first, type, count)
      const before = eventsOf(first.stdout())
      const sessionId = before[0]?.sessionId ?? ''

      const resumed = await cli.run(['resume', sessionId])
      const { stdout } = await cli.run(['follow', sessionId, '--json'])
      const after = eventsOf(stdout)

      expect([resumed.code, after.at(-1)?.body]).toEqual([0, expect.objectContaining({ type: 'session-finished', outcome: 'verified' })])
      // Nothing that was shown is gone or different, and nothing is missing in between.
      expect(after.slice(0, before.length)).toEqual(before)
      expect(after.map((event) => event.seq)).toEqual(after.map((_, index) => index + 1))
      // Every call that was begun has exactly one outcome.
      const outcomes = after.flatMap(({ body }) => (body.type === 'tool-finished' ? [body.callId] : []))
      expect(new Set(outcomes).size).toBe(outcomes.length)
      // One branch with the right tree, one change request.
      const branches = (await git('-C', project.path, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/slipway')).split('\n')
      expect(branches).toHaveLength(1)
      expect(await git('-C', project.path, 'rev-parse', `${branches[0]}^{tree}`)).toBe(await expectedTree())
      const listed = await cli.run(['changes', 'list', '--repo', project.path])
      expect(listed.stdout.match(/#\d+/g)).toEqual(['#1'])
    },
    120_000,
  )
})

let tree: Promise<string> | null = null

/** The tree that an undisturbed run ends with. */
function expectedTree(): Promise<string> {
  tree ??= (async () => {
    const project = await createSampleProject('python', join(cli.home, '..', 'undisturbed'))
    const model = await cli.script('undisturbed', project.script.steps)
    await cli.run([
      'run',
      '--repo',
      project.path,
      '--task',
      project.task,
      '--model',
      model,
      '--auto',
      '--sandbox',
      'bubblewrap',
      '--check',
      project.checks[0] ?? '',
    ])
    return git(
      '-C',
      project.path,
      'rev-parse',
      `${await git('-C', project.path, 'for-each-ref', '--format=%(refname)', 'refs/heads/slipway')}^{tree}`,
    )
  })()
  return tree
}
