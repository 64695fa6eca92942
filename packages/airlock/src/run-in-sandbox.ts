// Runs one command in a sandbox and keeps a bounded part of what it prints. What comes back was written by hostile code.

import type { Sandbox } from '@slipway/core/ports'
import type { Identity } from './identity.ts'

export interface InsideRun {
  argv: string[]
  env?: Record<string, string>
  stdin?: AsyncIterable<Uint8Array>
  timeoutMs?: number
  signal?: AbortSignal
}

export interface InsideResult {
  ok: boolean
  exitCode: number | null
  stdout: string
  stderr: string
}

const keptBytes = 16 * 1024

/** Never throws for a command that fails; throws SandboxLost when the sandbox is gone. */
export async function runInSandbox(sandbox: Sandbox, run: InsideRun): Promise<InsideResult> {
  const kept = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] }
  const bytes = { stdout: 0, stderr: 0 }
  const result = await sandbox.exec({
    argv: run.argv,
    timeoutMs: run.timeoutMs ?? 120_000,
    env: run.env ?? {},
    ...(run.stdin ? { stdin: run.stdin } : {}),
    ...(run.signal ? { signal: run.signal } : {}),
    onOutput(chunk, stream) {
      if (bytes[stream] >= keptBytes) return
      kept[stream].push(chunk.slice(0, keptBytes - bytes[stream]))
      bytes[stream] += chunk.length
    },
  })
  const text = (stream: 'stdout' | 'stderr') => new TextDecoder().decode(Buffer.concat(kept[stream]))
  return {
    ok: result.exitCode === 0,
    exitCode: result.exitCode,
    stdout: text('stdout'),
    stderr: `${text('stderr')}${result.killed ? `\n(${result.killed})` : ''}`,
  }
}

/** Git inside: the agent may have changed any setting; these keep its hooks, editors and pagers out of our way. They protect nobody but it. */
export function gitInside(args: string[]): string[] {
  return [
    'git',
    '-c',
    'core.hooksPath=/dev/null',
    '-c',
    'core.fsmonitor=false',
    '-c',
    'commit.gpgSign=false',
    '-c',
    'core.editor=true',
    '-c',
    'gc.auto=0',
    '-c',
    'advice.addEmbeddedRepo=false',
    ...args,
  ]
}

export function identityEnvironment({ name, email }: Identity): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  }
}

export async function* onePiece(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof text === 'string' ? Buffer.from(text) : text
}
