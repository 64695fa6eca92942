// What every contract test needs: the backends to try, a fresh home, sandboxes that are gone afterwards.

import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock, EgressDecision, ExecResult, Sandbox, SandboxSpec } from '@slipway/core/ports'
import { openSandboxes, type OpenSandboxesInput } from '../open-sandboxes.ts'

export const MIB = 1024 * 1024

export const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
}

/** Both backends. Leaving docker out is said out loud; a missing daemon without that is a failure. */
export function backendsUnderTest(): ('bubblewrap' | 'docker')[] {
  if (process.env['SLIPWAY_TEST_SKIP_DOCKER'] !== '1') return ['bubblewrap', 'docker']
  console.warn('\n!!! SLIPWAY_TEST_SKIP_DOCKER=1: the docker backend is NOT tested in this run !!!\n')
  return ['bubblewrap']
}

export interface Bench {
  sandboxes: Awaited<ReturnType<typeof openSandboxes>>
  /** A sandbox in a workspace of its own, unless one is named. Throws when it does not start. */
  create(change?: Partial<SandboxSpec>): Promise<Sandbox>
  decisions: EgressDecision[]
  /** Where the host keeps the files of sandboxes. */
  state: string
  close(): Promise<void>
}

let counter = 0

/** Opens a Sandboxes port on a fresh home. */
export async function openBench(backend: 'bubblewrap' | 'docker', change: Partial<OpenSandboxesInput> = {}): Promise<Bench> {
  const home = mkdtempSync(join(tmpdir(), 'slipway-sandbox-'))
  chmodSync(home, 0o711)
  const sandboxes = await openSandboxes({
    home,
    clock,
    ...change,
    environment: { ...process.env, SLIPWAY_SANDBOX_STATE: join(home, 'state'), ...change.environment },
  })
  const decisions: EgressDecision[] = []
  return {
    sandboxes,
    decisions,
    state: join(home, 'state'),
    async create(specChange = {}) {
      counter += 1
      const id = `${process.pid}-${counter}`
      const created = await sandboxes.create(backend, {
        sandboxId: id,
        sessionId: 'session',
        workspace: `workspace-${id}`,
        limits: { memoryBytes: 512 * MIB, processes: 100, cpus: 2, diskBytes: 256 * MIB },
        egress: { allow: [], uploadLimitBytes: MIB },
        phase: 'agent',
        onEgress: (decision) => decisions.push(decision),
        ...specChange,
      })
      if (!created.ok) throw new Error(`${backend}: ${created.message}`)
      return created.sandbox
    },
    async close() {
      await sandboxes.reap(async (all) => all)
      await sandboxes.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Runs a shell script and returns what it printed. */
export async function sh(
  sandbox: Sandbox,
  script: string,
  options: { timeoutMs?: number } = {},
): Promise<ExecResult & { stdout: string; stderr: string }> {
  const text = { stdout: '', stderr: '' }
  const result = await sandbox.exec({
    argv: ['bash', '-c', script],
    timeoutMs: options.timeoutMs ?? 60_000,
    onOutput: (chunk, stream) => {
      text[stream] += Buffer.from(chunk).toString('utf8')
    },
  })
  return { ...result, ...text }
}
