import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Bench, openBench, sh } from '../contract/harness.ts'
import { openSetupCache } from './cache.ts'
import type { SetupPlan } from './detect.ts'
import { runSetup } from './run-setup.ts'

const signal = new AbortController().signal
const plan = (commands: string[], cacheKey: string | null): SetupPlan => ({ commands, cacheKey, hosts: [], origin: 'test' })

describe('running a set-up', () => {
  let bench: Bench
  const directory = mkdtempSync(join(tmpdir(), 'slipway-cache-'))
  const cache = openSetupCache({ directory, scope: 'owner/repository' })
  beforeAll(async () => {
    bench = await openBench('bubblewrap')
  })
  afterAll(async () => {
    await bench.close()
    rmSync(directory, { recursive: true, force: true })
  })

  test('stops at the first command that fails, also inside a pipe, and keeps nothing', async () => {
    const sandbox = await bench.create()
    const outcome = await runSetup({
      sandbox,
      plan: plan(['echo one', 'false | cat', 'echo three'], 'failing'),
      cache,
      timeoutMs: 10_000,
      signal,
    })
    expect(outcome).toMatchObject({
      ok: false,
      cached: false,
      receipts: [
        { command: 'echo one', exitCode: 0, tail: 'one\n', killed: null },
        { command: 'false | cat', exitCode: 1 },
      ],
    })
    expect(readdirSync(directory)).toEqual([])
  })

  test('a kept result serves the next sandbox, with ignored files only', async () => {
    const first = await bench.create()
    const prepare = `git init -q . && printf 'node_modules/\\n*.pyc\\n' > .gitignore`
    await sh(first, prepare)
    const work = plan(
      ['mkdir -p node_modules/.bin; echo m > node_modules/m; ln -s ../m node_modules/.bin/m; touch a.pyc tracked.txt'],
      'k1',
    )
    expect(await runSetup({ sandbox: first, plan: work, cache, timeoutMs: 10_000, signal })).toMatchObject({ ok: true, cached: false })
    const second = await bench.create()
    await sh(second, prepare)
    expect(await runSetup({ sandbox: second, plan: work, cache, timeoutMs: 10_000, signal })).toEqual({
      ok: true,
      cached: true,
      receipts: [],
    })
    expect((await sh(second, 'cat node_modules/.bin/m; ls')).stdout).toBe('m\na.pyc\nnode_modules\n')
    const stranger = openSetupCache({ directory, scope: 'somebody/else' })
    expect(await stranger.restore(second, 'k1', signal)).toBe(false)
  })

  test('the death of the sandbox is a receipt', async () => {
    const sandbox = await bench.create()
    const outcome = await runSetup({ sandbox, plan: plan(['kill -9 $PPID; sleep 5'], null), cache: null, timeoutMs: 10_000, signal })
    expect(outcome).toMatchObject({ ok: false, receipts: [{ exitCode: null, killed: 'sandbox-lost' }] })
  })
})
