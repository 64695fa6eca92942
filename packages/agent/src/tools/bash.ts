// Runs commands in the sandbox. They are free there; what matters is that their outcome is told exactly.

import type { ExecResult } from '@slipway/core/ports'
import { failure, type ToolContext, type ToolOutcome } from './tool-outcome.ts'

const defaultTimeoutS = 120
/** What is kept of an output in memory: more than a model ever sees, and bounded. */
const keptChars = 4 * 1024 * 1024

/** One command in a fresh bash; the first line says how it ended. */
export async function bash(
  input: { command: string; timeout_s?: number; background?: boolean },
  context: ToolContext,
): Promise<ToolOutcome> {
  const sandbox = await context.sandbox()
  if (input.background) {
    const id = await context.background.start(sandbox, input.command)
    return {
      ok: true,
      output: `Started in the background as ${id}. Use bash_output to see what it prints.`,
      changed: true,
      problem: null,
      facts: { command: input.command, background: id },
    }
  }
  const timeoutS = input.timeout_s ?? defaultTimeoutS
  const output = keeper(context.onOutput)
  const result = await sandbox.exec({
    argv: ['bash', '-c', input.command],
    timeoutMs: timeoutS * 1_000,
    signal: context.signal,
    onOutput: output.add,
  })
  const text = output.text()
  const facts = { command: input.command, exitCode: result.exitCode, killed: result.killed }
  const ok = result.exitCode === 0 && result.killed === null
  return { ok, output: `${headline(result, timeoutS)}\n${text}`.trimEnd(), changed: true, problem: ok ? null : 'failed', facts }
}

/** What a background command printed since the last look, and whether it still runs. */
export async function bashOutput(input: { id: string; wait_s?: number; kill?: boolean }, context: ToolContext): Promise<ToolOutcome> {
  const sandbox = await context.sandbox()
  if (input.kill) await context.background.kill(sandbox, input.id)
  const look = await context.background.look(sandbox, input.id, { waitMs: (input.wait_s ?? 0) * 1_000, signal: context.signal })
  if (!look)
    return failure(`There is no background command ${input.id} in this sandbox. It may have ended with an earlier sandbox: start it again.`)
  const seconds = (look.ranMs / 1_000).toFixed(1)
  const state = look.isRunning ? `Running for ${seconds} s.` : `Ended with exit code ${look.exitCode} after ${seconds} s.`
  const left = look.omittedChars > 0 ? `[${look.omittedChars} earlier characters left out]\n` : ''
  const body = look.output === '' ? 'No new output.' : `${left}${look.output}`
  return {
    ok: true,
    output: `${state}\n${body}`.trimEnd(),
    changed: true,
    problem: null,
    facts: { running: look.isRunning, exitCode: look.exitCode },
  }
}

function headline(result: ExecResult, timeoutS: number): string {
  const seconds = (result.ms / 1_000).toFixed(1)
  switch (result.killed) {
    case 'timeout':
      return `Ended after its time limit of ${timeoutS} s. Give it a longer timeout_s, or run it with background.`
    case 'memory':
      return `Ended because it used more memory than the sandbox has, after ${seconds} s.`
    case 'stopped':
      return `Stopped after ${seconds} s.`
    case null:
      return `Exit code ${result.exitCode} after ${seconds} s.`
  }
}

/** Collects output as text, head and tail of it when there is too much. */
function keeper(onText: (text: string) => void): { add(chunk: Uint8Array, stream: 'stdout' | 'stderr'): void; text(): string } {
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
  let head = ''
  let tail = ''
  let omittedChars = 0
  return {
    add(chunk, stream) {
      const text = decoders[stream].decode(chunk, { stream: true })
      onText(text)
      if (head.length < keptChars / 2) head += text
      else tail += text
      if (tail.length <= keptChars) return
      omittedChars += tail.length - keptChars / 2
      tail = tail.slice(-keptChars / 2)
    },
    text() {
      const end = tail + decoders.stdout.decode() + decoders.stderr.decode()
      return omittedChars === 0 ? head + end : `${head}\n[${omittedChars} characters left out]\n${end}`
    },
  }
}
