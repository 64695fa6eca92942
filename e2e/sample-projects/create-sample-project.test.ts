import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseScript } from '@slipway/agent/model/scripted/script'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { git } from '../doubles/github/git-command.ts'
import { createSampleProject, type SampleKind, type SampleProject, samples } from './create-sample-project.ts'
import type { Edit } from './sample.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'sample-project-'))
})

afterEach(() => rm(directory, { recursive: true, force: true }))

function exitCodeOf(project: SampleProject): Promise<number> {
  // Go would write its cache and Python its bytecode elsewhere than into the project.
  const env = {
    PATH: process.env['PATH'],
    HOME: directory,
    GOCACHE: path.join(directory, 'go-cache'),
    PYTHONDONTWRITEBYTECODE: '1',
  }
  return new Promise((resolve) => {
    execFile('bash', ['-c', project.checks.join(' && ')], { cwd: project.path, env }, (error) => resolve(error ? Number(error.code) : 0))
  })
}

async function apply(project: SampleProject, file: string, edit: Edit): Promise<void> {
  const target = path.join(project.path, file)
  const text = await readFile(target, 'utf8')
  expect(text.split(edit.old_text)).toHaveLength(2)
  await writeFile(
    target,
    text.replace(edit.old_text, () => edit.new_text),
  )
}

describe.each(Object.keys(samples) as SampleKind[])('the %s project', (kind) => {
  it('fails its check, fails after the wrong edit, passes after the right one', async () => {
    const project = await createSampleProject(kind, path.join(directory, 'project'))
    const { source, wrongEdit, rightEdit } = samples[kind]
    expect(await exitCodeOf(project)).toBeGreaterThan(0)
    await apply(project, source, wrongEdit)
    expect(await exitCodeOf(project)).toBeGreaterThan(0)
    await apply(project, source, rightEdit)
    expect(await exitCodeOf(project)).toBe(0)
    const changed = await git(project.path, ['status', '--porcelain'])
    expect(changed.trim()).toBe(`M ${source}`)
  })

  it('comes with a script that the scripted model takes, and a clean repository', async () => {
    const { script, path: repository } = await createSampleProject(kind, path.join(directory, 'project'))
    expect(parseScript(JSON.stringify(script), kind)).toMatchObject({ ok: true, script: { steps: script.steps } })
    expect(await git(repository, ['status', '--porcelain'])).toBe('')
    const tools = script.steps.flatMap((step) => step.tool_calls ?? []).map(({ name }) => name)
    expect(tools).toEqual([
      'list_files',
      'read_file',
      'bash',
      'update_plan',
      'edit_file',
      'bash',
      'edit_file',
      'bash',
      'update_plan',
      'commit',
      'publish',
      'finish',
    ])
  })
})
