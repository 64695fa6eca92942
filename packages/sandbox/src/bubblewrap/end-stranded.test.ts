import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSandboxes } from '../open-sandboxes.ts'
import { endStranded } from './end-stranded.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'slipway-stranded-'))
  mkdirSync(join(root, 'tree'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** The first process is kept from telling the second its user's map, which it does once descriptor 4 says so. */
async function beginStart(): Promise<{ first: ChildProcess; second: number }> {
  const bound = ['--ro-bind', '/usr', '/usr', '--symlink', 'usr/lib64', '/lib64', '--bind', join(root, 'tree'), '/work']
  const options = ['--unshare-all', '--unshare-user', '--die-with-parent', '--info-fd', '3', '--userns-block-fd', '4', ...bound]
  const first = spawn('bwrap', [...options, '--', '/usr/bin/sleep', '60'], { stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'] })
  // To the end: bwrap writes in several steps, and a closed pipe would end it.
  const told = await text(first.stdio[3] as Readable)
  const { 'child-pid': second } = JSON.parse(told) as { 'child-pid': number }
  return { first, second }
}

const stateOf = (pid: number): string | undefined => {
  try {
    return /^State:\t(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
  } catch {
    return undefined
  }
}
const isAlive = (pid: number): boolean => !['Z', 'X', undefined].includes(stateOf(pid))

test('a sandbox whose start was cut off waits for ever, and is ended; one that is being started is left alone', async () => {
  const { first, second } = await beginStart()
  endStranded(root)
  expect(isAlive(second)).toBe(true)
  const ended = new Promise((resolve) => first.once('exit', resolve))
  first.kill('SIGKILL')
  await ended
  expect(isAlive(second)).toBe(true)
  endStranded(`${root}-of-another`)
  expect(isAlive(second)).toBe(true)
  const environment = { SLIPWAY_SANDBOX_STATE: root, PATH: process.env['PATH'] }
  const opened = await openSandboxes({ home: root, environment, clock: { now: Date.now, sleep: async () => undefined } })
  await expect.poll(() => isAlive(second)).toBe(false)
  await opened.close()
})
