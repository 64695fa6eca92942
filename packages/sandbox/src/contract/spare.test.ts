// A sandbox that waits for the next session. Only bubblewrap keeps one.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EgressDecision, Sandbox } from '@slipway/core/ports'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, openBench, sh } from './harness.ts'

let bench: Bench
beforeEach(async () => {
  bench = await openBench('bubblewrap', { keepsSpare: true })
})
afterEach(() => bench.close())

const spares = (): string[] =>
  readdirSync(join(bench.state, 'workspaces')).flatMap((key) => {
    const name = join(bench.state, 'workspaces', key, 'name')
    const text = existsSync(name) ? readFileSync(name, 'utf8') : ''
    return text.startsWith('spare-') ? [text] : []
  })

async function first(): Promise<Sandbox> {
  const sandbox = await bench.create()
  await bench.sandboxes.spareSettled()
  return sandbox
}

test('the next session gets the spare one, empty, with its own network and checkpoints, and another takes its place', async () => {
  const one = await first()
  await sh(one, 'echo mine > file')
  const decisions: EgressDecision[] = []
  const next = await bench.create({
    onEgress: (decision) => decisions.push(decision),
    egress: { allow: ['example.org'], uploadLimitBytes: 1 },
  })
  expect(next.id).toMatch(/^spare-/)
  expect((await sh(next, 'ls -A; pwd')).stdout).toBe('/work\n')
  await sh(next, 'echo two > file')
  const { checkpoint } = await next.checkpoint()
  await sh(next, 'rm file')
  expect(await next.restore(checkpoint)).toMatchObject({ ok: true })
  expect((await sh(next, 'cat file')).stdout).toBe('two\n')
  expect((await sh(one, 'cat file')).stdout).toBe('mine\n')
  await sh(next, 'curl -s -m 5 http://nowhere.example.net/; true')
  expect(decisions).toMatchObject([{ host: 'nowhere.example.net' }])
  await bench.sandboxes.spareSettled()
  expect(spares()).toHaveLength(1)
})

test('work survives the sandbox that was a spare one', async () => {
  await first()
  const next = await bench.create({ workspace: 'kept' })
  expect(next.id).toMatch(/^spare-/)
  await sh(next, 'echo here > file')
  await next.close({ deleteWorkspace: false })
  const again = await bench.create({ workspace: 'kept' })
  expect((await sh(again, 'cat file')).stdout).toBe('here\n')
})

test('a workspace that is there already, or other limits, get a sandbox of their own', async () => {
  const one = await bench.create({ workspace: 'one' })
  await bench.sandboxes.spareSettled()
  await sh(one, 'echo mine > file')
  const same = await bench.create({ workspace: 'one' })
  expect([(await sh(same, 'cat file')).stdout, same.id.startsWith('spare-')]).toEqual(['mine\n', false])
  const smaller = await bench.create({ limits: { memoryBytes: 256 * 1024 ** 2, processes: 50, cpus: 1, diskBytes: 64 * 1024 ** 2 } })
  expect(smaller.id).not.toMatch(/^spare-/)
})

test('a sweep leaves the spare sandbox alone, and one that was killed is not handed out', async () => {
  await first()
  const [name = ''] = spares()
  expect(await bench.sandboxes.reap(async (all) => all)).toBe(1)
  expect(spares()).toEqual([name])
  const folder = readdirSync(join(bench.state, 'workspaces')).map((key) => join(bench.state, 'workspaces', key))
  const [place = ''] = folder.filter((each) => readFileSync(join(each, 'name'), 'utf8') === name)
  process.kill(Number.parseInt(readFileSync(join(place, 'holder'), 'utf8'), 10), 'SIGKILL')
  await expect.poll(spares).toEqual([])
  const next = await bench.create()
  expect([next.id.startsWith('spare-'), (await sh(next, 'echo ok')).stdout]).toEqual([false, 'ok\n'])
})
