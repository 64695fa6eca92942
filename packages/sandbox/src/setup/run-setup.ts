// Runs the set-up commands in a sandbox, with receipts: what ran, how it ended, and its last lines.

import { createHash } from 'node:crypto'
import type { Receipt } from '@slipway/core/events'
import type { Clock, Sandbox } from '@slipway/core/ports'

export interface SetupRun {
  commands: readonly string[]
  clock: Clock
  signal: AbortSignal
  onOutput(text: string): void
  timeoutMs?: number
}

const defaultTimeoutMs = 900_000
const tailChars = 2_000

/** One receipt per command that ran; stops at the first that fails. */
export async function runSetup(sandbox: Sandbox, { commands, clock, signal, onOutput, timeoutMs = defaultTimeoutMs }: SetupRun): Promise<Receipt[]> {
  const receipts: Receipt[] = []
  for (const command of commands) {
    onOutput(`$ ${command}\n`)
    const startedMs = clock.now()
    const hash = createHash('sha256')
    const decoder = new TextDecoder()
    let tail = ''
    const result = await sandbox.exec({
      argv: ['bash', '-o', 'pipefail', '-c', command],
      timeoutMs,
      signal,
      onOutput: (chunk) => {
        hash.update(chunk)
        const text = decoder.decode(chunk, { stream: true })
        onOutput(text)
        tail = (tail + text).slice(-tailChars)
      },
    })
    const killed = result.killed === 'timeout' ? 'timeout' : result.killed === null ? null : 'stopped'
    receipts.push({ command, exitCode: result.exitCode, killed, ms: clock.now() - startedMs, outputSha: hash.digest('hex'), tail })
    if (result.exitCode !== 0 || result.killed !== null) break
  }
  return receipts
}

/** Whether every command ran and passed. */
export function isSetUp(commands: readonly string[], receipts: readonly Receipt[]): boolean {
  return receipts.length === commands.length && receipts.every((receipt) => receipt.exitCode === 0 && receipt.killed === null)
}
