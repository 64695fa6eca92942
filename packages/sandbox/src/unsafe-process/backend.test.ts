// The backend of last resort runs commands among everybody else's processes: what it ends must be its own.

import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sandbox } from '@slipway/core/ports'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clock, MIB, sh } from '../contract/harness.ts'
import { type OpenedSandboxes, openSandboxes } from '../open-sandboxes.ts'

let home: string
let sandboxes: OpenedSandboxes
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'slipway-process-'))
  chmodSync(home, 0o711)
  const environment = { ...process.env, SLIPWAY_SANDBOX_STATE: join(home, 'state'), SLIPWAY_UNSAFE_PROCESS_SANDBOX: '1' }
  sandboxes = await openSandboxes({ home, clock, environment })
})
afterAll(async () => {
  await sandboxes.close()
  rmSync(home, { recursive: true, force: true })
})

async function create(workspace: string): Promise<Sandbox> {
  const created = await sandboxes.create('process', {
    sandboxId: workspace,
    sessionId: 'session',
    workspace,
    limits: { memoryBytes: 512 * MIB, processes: 100, cpus: 2, diskBytes: 256 * MIB },
    egress: { allow: [], uploadLimitBytes: MIB },
    phase: 'agent',
    onEgress: () => undefined,
  })
  if (!created.ok) throw new Error(created.message)
  return created.sandbox
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a command that is stopped is ended with its children, and nobody else’s process is', async () => {
  const sandbox = await create('ended')
  const other = await create('beside')
  let told = ''
  const command = await sandbox.start({
    argv: ['bash', '-c', 'setsid sleep 300 & echo child:$!; sleep 300'],
    onOutput: (chunk) => void (told += Buffer.from(chunk).toString()),
  })
  await expect.poll(() => told).toContain('child:')
  // Begun after it and without a mark, as any process of the machine.
  const stranger = spawn('sleep', ['300'], { env: {} })
  try {
    await command.kill()
    expect(await command.exited).toMatchObject({ exitCode: null })
    const child = Number(/child:(\d+)/.exec(told)?.[1])
    await expect.poll(() => isAlive(child)).toBe(false)
    expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null])
    expect((await sh(other, 'echo still here')).stdout).toBe('still here\n')
  } finally {
    stranger.kill()
  }
})

test('files are kept in checkpoints and come back', async () => {
  const sandbox = await create('kept')
  await sandbox.writeFile('a.txt', Buffer.from('one'), {})
  const { checkpoint } = await sandbox.checkpoint()
  await sh(sandbox, 'echo two > a.txt; touch b.txt')
  await sandbox.restore(checkpoint)
  expect((await sh(sandbox, 'cat a.txt; ls')).stdout).toBe('onea.txt\n')
})
