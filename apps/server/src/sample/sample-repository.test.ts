import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { createSampleRepository } from './sample-repository.ts'

const run = promisify(execFile)
const sample = new URL('../../sample/', import.meta.url).pathname

test('the sample is a sound repository whose tests pass, and do not yet know of the fault', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-sample-'))
  try {
    const gitDir = join(folder, 'roman.git')
    const commit = await createSampleRepository({ folder: join(sample, 'repository'), gitDir, at: new Date('2026-01-01T00:00:00Z') })
    await run('git', ['clone', '--quiet', gitDir, join(folder, 'clone')])
    expect((await run('git', ['rev-parse', 'HEAD'], { cwd: join(folder, 'clone') })).stdout.trim()).toBe(commit)
    await run('git', ['fsck', '--strict'], { cwd: gitDir })
    expect((await run(process.execPath, ['--test'], { cwd: join(folder, 'clone'), env: { PATH: process.env['PATH'] } })).stdout).toMatch(
      /pass 3\n/,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test("the script's edits fit the sample, make the tests fail first and pass in the end", async () => {
  const { steps } = parse(await readFile(join(sample, 'script.yaml'), 'utf8')) as {
    steps: { tool_calls: { name: string; input: { path: string; edits: { old_text: string; new_text: string }[] } }[] }[]
  }
  const folder = await mkdtemp(join(tmpdir(), 'slipway-script-'))
  try {
    await run('cp', ['-r', join(sample, 'repository'), join(folder, 'work')])
    const outcomes: number[] = []
    for (const call of steps.flatMap((step) => step.tool_calls)) {
      if (call.name === 'edit_file') await edit(join(folder, 'work', call.input.path), call.input.edits)
      if (call.name === 'bash')
        outcomes.push(
          await run(process.execPath, ['--test'], { cwd: join(folder, 'work'), env: { PATH: process.env['PATH'] } }).then(
            () => 0,
            (error: { code: number }) => error.code,
          ),
        )
    }
    expect(outcomes).toEqual([1, 1, 0])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

async function edit(path: string, edits: { old_text: string; new_text: string }[]): Promise<void> {
  let text = await readFile(path, 'utf8')
  for (const { old_text, new_text } of edits) {
    expect(text.split(old_text)).toHaveLength(2)
    text = text.replace(old_text, () => new_text)
  }
  await writeFile(path, text)
}
