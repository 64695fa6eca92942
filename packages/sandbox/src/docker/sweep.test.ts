import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, clock, openBench } from '../contract/harness.ts'
import { openSandboxes } from '../open-sandboxes.ts'

let bench: Bench
beforeEach(async () => {
  if (process.getuid?.() !== 0) throw new Error('These tests mount images, so they have to run as root.')
  bench = await openBench('docker')
})
afterEach(() => bench.close())

const mounts = (): string[] =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(join(bench.state, 'docker/workspaces')))

/** Another process of this home starts sandboxes for these workspaces and is killed. */
async function startAndDie(workspaces: string[]): Promise<void> {
  const script = `
    import { openBench } from '${new URL('../contract/harness.ts', import.meta.url)}'
    const bench = await openBench('docker', { home: '${join(bench.state, '..')}', environment: { SLIPWAY_SANDBOX_STATE: '${bench.state}' } })
    for (const workspace of ${JSON.stringify(workspaces)}) await bench.create({ workspace })
    process.kill(process.pid, 'SIGKILL')`
  const ended = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]).catch((error: unknown) => error)
  expect(ended).toMatchObject({ signal: 'SIGKILL' })
}

test('what a killed process left mounted for docker is taken away by the next one, with the files of its verifications', async () => {
  await startAndDie(['workspace-kept', 'verify-once'])
  expect(mounts()).toHaveLength(2)
  const next = await openSandboxes({
    home: join(bench.state, '..'),
    clock,
    environment: { ...process.env, SLIPWAY_SANDBOX_STATE: bench.state },
  })
  expect(mounts()).toEqual([])
  const root = join(bench.state, 'docker/workspaces')
  expect(readdirSync(root).map((key) => readFileSync(join(root, key, 'name'), 'utf8'))).toEqual(['workspace-kept'])
  await next.close()
})
