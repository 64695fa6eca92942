// Small real repositories, each with a failing test, the task to fix it, and what a model would do step by step.

import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { git } from '../doubles/github/git-command.ts'
import { cSample } from './c-sample.ts'
import { goSample } from './go-sample.ts'
import { pythonSample } from './python-sample.ts'
import type { Sample } from './sample.ts'
import { typescriptSample } from './typescript-sample.ts'

export const samples = { typescript: typescriptSample, python: pythonSample, go: goSample, c: cSample } as const

export type SampleKind = keyof typeof samples

interface SampleScript {
  name: string
  steps: { text?: string; tool_calls?: { name: string; input: Record<string, unknown> }[] }[]
}

export interface SampleProject {
  /** The repository: one commit on main, nothing uncommitted. */
  path: string
  task: string
  /** Fails in the repository as it is, passes once the script was played. */
  checks: string[]
  script: SampleScript
}

/** Creates the repository in `directory`, which must be empty or missing. */
export async function createSampleProject(kind: SampleKind, directory: string): Promise<SampleProject> {
  const sample = samples[kind]
  for (const [name, content] of Object.entries(sample.files)) {
    const file = path.join(directory, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, content)
  }
  await git(directory, ['init', '--quiet', '--initial-branch=main'])
  await git(directory, ['add', '--all'])
  const author = ['-c', 'user.name=Sample', '-c', 'user.email=sample@example.org', '-c', 'commit.gpgsign=false']
  await git(directory, [...author, 'commit', '--quiet', '-m', `Start ${sample.name}`])
  return { path: directory, task: sample.task, checks: [sample.check], script: scriptOf(sample) }
}

/** Looks, plans, edits wrongly, sees the test fail, edits rightly, sees it pass, commits, publishes. */
function scriptOf(sample: Sample): SampleScript {
  const call = (name: string, input: Record<string, unknown>) => ({ name, input })
  const edit = (change: Sample['wrongEdit']) => call('edit_file', { path: sample.source, edits: [change] })
  const check = call('bash', { command: sample.check })
  return {
    name: `sample-${sample.name}`,
    steps: [
      {
        text: 'I look at the code and run the tests first.',
        tool_calls: [call('list_files', {}), call('read_file', { path: sample.source }), check],
      },
      { text: 'The tests fail as described. My plan:', tool_calls: [call('update_plan', planOf(sample, 'active'))] },
      { text: 'A first change.', tool_calls: [edit(sample.wrongEdit)] },
      { tool_calls: [check] },
      { text: 'Not enough yet. I correct it.', tool_calls: [edit(sample.rightEdit)] },
      { tool_calls: [check] },
      { text: 'All tests pass now.', tool_calls: [call('update_plan', planOf(sample, 'done'))] },
      { tool_calls: [call('commit', { message: `${sample.title}\n\n${sample.summary}` })] },
      { tool_calls: [call('publish', { title: sample.title, summary: sample.summary })] },
      { tool_calls: [call('finish', { summary: sample.summary })] },
      { text: sample.summary },
    ],
  }
}

function planOf(sample: Sample, status: 'active' | 'done'): Record<string, unknown> {
  const steps = [
    { title: `Find the fault in ${sample.source}`, status: 'done' },
    { title: 'Fix it without touching the tests', status },
    { title: 'Run the tests', status: status === 'done' ? 'done' : 'open' },
  ]
  return { steps, paths: [sample.source] }
}
