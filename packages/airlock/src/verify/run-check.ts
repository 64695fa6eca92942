// Runs one check and writes its receipt.

import { createHash } from 'node:crypto'
import type { Receipt } from '@slipway/core/events'
import type { ExecResult, Sandbox } from '@slipway/core/ports'
import { SandboxLost } from '@slipway/core/ports'

export interface RunCheckInput {
  sandbox: Sandbox
  command: string
  timeoutMs: number
  signal: AbortSignal
  onOutput(text: string): void
}

/** could-not-run: it says nothing about the commit (stopped, sandbox lost, command not found). */
export type CheckOutcome = 'passed' | 'failed' | 'could-not-run'

const tailBytes = 2048

/** Never throws for what happens inside; a lost sandbox is a receipt too. */
export async function runCheck(input: RunCheckInput): Promise<{ outcome: CheckOutcome; receipt: Receipt }> {
  const hash = createHash('sha256')
  const decoder = new TextDecoder()
  let tail = Buffer.alloc(0)
  const startedAt = performance.now()
  let result: ExecResult | 'lost'
  try {
    result = await input.sandbox.exec({
      argv: ['bash', '-o', 'pipefail', '-c', input.command],
      timeoutMs: input.timeoutMs,
      signal: input.signal,
      env: { CI: '1' },
      onOutput(chunk) {
        hash.update(chunk)
        tail = Buffer.concat([tail, chunk])
        if (tail.length > 4 * tailBytes) tail = tail.subarray(tail.length - tailBytes)
        input.onOutput(decoder.decode(chunk, { stream: true }))
      },
    })
  } catch (error) {
    if (!(error instanceof SandboxLost)) throw error
    result = 'lost'
  }
  const receipt: Receipt = {
    command: input.command,
    exitCode: result === 'lost' ? null : result.exitCode,
    killed: killedBy(result),
    ms: result === 'lost' ? Math.round(performance.now() - startedAt) : result.ms,
    outputSha: hash.digest('hex'),
    tail: textTail(tail),
  }
  if (result !== 'lost' && result.killed === 'memory')
    return { outcome: 'failed', receipt: withNote(receipt, 'It was ended because it used more memory than the sandbox has.') }
  return { outcome: judge(result), receipt }
}

/** Puts a sentence of ours above the output's last lines, within the receipt's bounds. */
export function withNote(receipt: Receipt, note: string): Receipt {
  const line = `[Slipway: ${note}]\n`
  return { ...receipt, tail: `${line}${textTail(Buffer.from(receipt.tail), tailBytes - Buffer.byteLength(line))}` }
}

function judge(result: ExecResult | 'lost'): CheckOutcome {
  if (result === 'lost' || result.killed === 'stopped') return 'could-not-run'
  if (result.killed === null && result.exitCode === 0) return 'passed'
  // The shell's answers for a command that is not there or not executable.
  if (result.killed === null && (result.exitCode === 127 || result.exitCode === 126)) return 'could-not-run'
  return 'failed'
}

function killedBy(result: ExecResult | 'lost'): Receipt['killed'] {
  if (result === 'lost') return 'sandbox-lost'
  return result.killed === 'memory' ? null : result.killed
}

function textTail(bytes: Buffer, limit = tailBytes): string {
  let start = Math.max(0, bytes.length - limit)
  // Continuation bytes belong to a character that was cut.
  while (start > 0 && start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start++
  return bytes.subarray(start).toString('utf8')
}
