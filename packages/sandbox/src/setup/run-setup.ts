// Carries a set-up plan out and says what was run.

import { createHash } from 'node:crypto'
import type { Receipt } from '@slipway/core/events'
import { type Sandbox, SandboxLost } from '@slipway/core/ports'
import type { SetupCache } from './cache.ts'
import type { SetupPlan } from './detect.ts'

const TAIL_CHARS = 4_000

export interface RunSetupInput {
  sandbox: Sandbox
  plan: SetupPlan
  /** Null runs every time. */
  cache: SetupCache | null
  timeoutMs: number
  signal: AbortSignal
  onOutput?(text: string): void
}

export interface SetupOutcome {
  ok: boolean
  cached: boolean
  receipts: Receipt[]
}

/** Runs the plan's commands in order until one fails, or unpacks the result of an earlier run. */
export async function runSetup(input: RunSetupInput): Promise<SetupOutcome> {
  const key = input.plan.cacheKey
  if (key && input.cache && (await input.cache.restore(input.sandbox, key, input.signal))) return { ok: true, cached: true, receipts: [] }
  const receipts: Receipt[] = []
  for (const command of input.plan.commands) {
    const receipt = await runCommand({ ...input, command })
    receipts.push(receipt)
    if (receipt.exitCode !== 0) return { ok: false, cached: false, receipts }
  }
  if (key && input.cache) await input.cache.keep(input.sandbox, key, input.signal)
  return { ok: true, cached: false, receipts }
}

/** One shell command with its receipt; the death of the sandbox is an answer, too. */
export async function runCommand(input: {
  sandbox: Sandbox
  command: string
  timeoutMs: number
  signal: AbortSignal
  onOutput?(text: string): void
}): Promise<Receipt> {
  const hash = createHash('sha256')
  const decoder = new TextDecoder()
  let tail = ''
  const startedAt = performance.now()
  const receipt = (exitCode: number | null, killed: Receipt['killed'], ms: number): Receipt => ({
    command: input.command,
    exitCode,
    killed,
    ms: Math.round(ms),
    outputSha: hash.digest('hex'),
    tail,
  })
  try {
    const result = await input.sandbox.exec({
      argv: ['bash', '-o', 'pipefail', '-c', input.command],
      timeoutMs: input.timeoutMs,
      signal: input.signal,
      onOutput(chunk) {
        hash.update(chunk)
        const text = decoder.decode(chunk, { stream: true })
        tail = (tail + text).slice(-TAIL_CHARS)
        input.onOutput?.(text)
      },
    })
    if (result.killed === 'memory') tail = `${tail}\n(ended: out of memory)`
    return receipt(
      result.exitCode ?? (result.killed === 'memory' ? 137 : null),
      result.killed === 'memory' ? null : result.killed,
      result.ms,
    )
  } catch (error) {
    if (!(error instanceof SandboxLost)) throw error
    tail = `${tail}\n(${error.message})`.slice(-TAIL_CHARS)
    return receipt(null, 'sandbox-lost', performance.now() - startedAt)
  }
}
