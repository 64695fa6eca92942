import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** As if the process that mounted them had been killed. */
function disown(): void {
  const root = join(bench.state, 'docker/workspaces')
  for (const key of readdirSync(root)) writeFileSync(join(root, key, 'mounted-by'), `${spawnSync('true').pid}:1`)
}

test('what a killed process left mounted for docker is taken away by the next one, with the files of its verifications', async () => {
  const kept = await bench.create()
  const once = await bench.create({ workspace: 'verify-once' })
  await kept.close({ deleteWorkspace: false })
  await once.close({ deleteWorkspace: false })
  expect(mounts()).toHaveLength(2)
  disown()
  const next = await openSandboxes({
    home: join(bench.state, '..'),
    clock,
    environment: { ...process.env, SLIPWAY_SANDBOX_STATE: bench.state },
  })
  expect(mounts()).toEqual([])
  const root = join(bench.state, 'docker/workspaces')
  expect(readdirSync(root).map((key) => readFileSync(join(root, key, 'name'), 'utf8'))).toEqual([expect.stringMatching(/^workspace-/)])
  await next.close()
})
