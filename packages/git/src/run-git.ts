// Starts git on a repository that the host owns: neutral settings, a deadline, bounded output, credentials by a private pipe.

import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { drained } from './drained.ts'
import { askpassEnvironment } from './git-credential.ts'
import type { GitCredential } from './git-credential.ts'
import { neutralSettings } from './neutral-settings.ts'
import { redact } from './redact.ts'

export interface GitRun {
  args: string[]
  /** The bare repository; left out for commands that need none. */
  gitDir?: string
  cwd?: string
  environment?: Record<string, string>
  stdin?: string | Uint8Array | AsyncIterable<Uint8Array>
  /** Default 60 s. */
  timeoutMs?: number
  /** Collected standard output is cut here and git is ended; default 64 MB. */
  maxOutputBytes?: number
  signal?: AbortSignal
  /** Takes the output instead of collecting it; awaited before more is read. Returning `enough` ends git. */
  onStdout?(chunk: Buffer): void | 'enough' | Promise<void | 'enough'>
  /** The one transport that this command may use. */
  protocol?: 'https' | 'http' | 'file'
  remote?: { url: string; credential: GitCredential | null }
}

export interface GitResult {
  exitCode: number | null
  killed: 'timeout' | 'stopped' | 'output-limit' | 'enough' | null
  stdout: Buffer
  /** Free of credentials; the last 8 KB. */
  stderr: string
  ms: number
}

/** Thrown by `git` when a command that should work did not; the text is safe to show. */
export class GitFailed extends Error {
  readonly code = 'git-failed'
  readonly command: string
  readonly exitCode: number | null
  readonly killed: GitResult['killed']
  readonly stderr: string
  constructor(command: string, result: GitResult) {
    super(
      `git ${command} ${result.killed ? `was ended (${result.killed})` : `failed with exit code ${result.exitCode}`}: ${result.stderr.trim().slice(0, 500)}`,
    )
    this.name = 'GitFailed'
    this.command = command
    this.exitCode = result.exitCode
    this.killed = result.killed
    this.stderr = result.stderr
  }
}

const stderrKeptBytes = 8 * 1024

/** Runs git and returns what happened, whatever that is. Throws only when git cannot be started at all. */
export async function runGit(run: GitRun): Promise<GitResult> {
  const startedAt = performance.now()
  const settings = neutralSettings(run.protocol ?? null)
  const credential = run.remote?.credential ?? null
  const child = spawn('git', [...settings.options, ...run.args], {
    cwd: run.cwd ?? '/',
    env: {
      ...settings.environment,
      ...(run.gitDir ? { GIT_DIR: run.gitDir } : {}),
      ...(credential && run.remote ? askpassEnvironment(run.remote.url, credential) : {}),
      ...run.environment,
    },
    stdio: credential ? ['pipe', 'pipe', 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe'],
    // A process group of its own: git's helpers end with it.
    detached: true,
  })
  const exited = exitOf(child)
  if (credential) writeSecret(child.stdio[3] as Writable, credential)
  const ending = endWhenDue(child, run)
  const stderr = keepTail(child.stderr as Readable)
  const feeding = feed(child.stdin as Writable, run.stdin, ending)
  const [stdout, exitCode] = await Promise.all([collect(child.stdout as Readable, run, ending), exited]).finally(ending.clear)
  if (feeding.error) throw feeding.error
  return {
    exitCode: ending.killed === null ? exitCode : null,
    killed: ending.killed,
    stdout,
    stderr: redact(stderr.text(), credential ? [credential.secret(), `${credential.username}:${credential.secret()}`] : []),
    ms: Math.round(performance.now() - startedAt),
  }
}

/** Runs git and returns its standard output; throws GitFailed when it did not end with exit code 0. */
export async function git(run: GitRun): Promise<Buffer> {
  const result = await runGit(run)
  if (result.exitCode !== 0 && result.killed !== 'enough') throw new GitFailed(run.args[0] ?? '', result)
  return result.stdout
}

/** Like `git`, as text without the line end. */
export async function gitText(run: GitRun): Promise<string> {
  return (await git(run)).toString('utf8').replace(/\n$/, '')
}

interface Ending {
  killed: GitResult['killed']
  end(reason: NonNullable<GitResult['killed']>): void
  clear(): void
}

function endWhenDue(child: ChildProcess, run: GitRun): Ending {
  const ending: Ending = {
    killed: null,
    end(reason) {
      if (ending.killed !== null || child.exitCode !== null) return
      ending.killed = reason
      killGroup(child)
    },
    clear() {
      clearTimeout(timer)
      run.signal?.removeEventListener('abort', stop)
    },
  }
  const timer = setTimeout(() => ending.end('timeout'), run.timeoutMs ?? 60_000)
  const stop = () => ending.end('stopped')
  run.signal?.addEventListener('abort', stop)
  if (run.signal?.aborted) stop()
  return ending
}

function killGroup(child: ChildProcess) {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    child.kill('SIGKILL')
  }
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new Error('git could not be started. Install git 2.38 or newer and put it on the PATH.', { cause: error })),
    )
    child.once('close', resolve)
  })
}

function writeSecret(pipe: Writable, credential: GitCredential) {
  // git that never asks leaves the pipe unread; that is no failure of ours.
  pipe.on('error', () => {})
  pipe.end(`${credential.secret()}\n`)
}

/** Input that breaks off ends git and is thrown by the run, so that a cut stream is never taken for a whole one. */
function feed(input: Writable, source: GitRun['stdin'], ending: Ending): { error: unknown } {
  const feeding: { error: unknown } = { error: null }
  // git may stop reading before the end of the input; its exit code says why.
  input.on('error', () => {})
  if (source === undefined || typeof source === 'string' || source instanceof Uint8Array) {
    input.end(source)
    return feeding
  }
  writeAll(input, source).catch((error: unknown) => {
    feeding.error = error ?? new Error('The input of git broke off.')
    ending.end('stopped')
  })
  return feeding
}

async function writeAll(input: Writable, source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of source) {
    if (input.destroyed) return
    if (input.write(chunk)) continue
    await drained(input)
  }
  input.end()
}

async function collect(output: Readable, run: GitRun, ending: Ending): Promise<Buffer> {
  const limit = run.maxOutputBytes ?? 64 * 1024 * 1024
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of output as AsyncIterable<Buffer>) {
      if (ending.killed !== null) continue
      if (run.onStdout) {
        if ((await run.onStdout(chunk)) === 'enough') ending.end('enough')
        continue
      }
      chunks.push(chunk.subarray(0, limit - bytes))
      bytes += chunk.length
      if (bytes > limit) ending.end('output-limit')
    }
  } catch (error) {
    ending.end('stopped')
    throw error
  }
  return Buffer.concat(chunks)
}

function keepTail(output: Readable): { text(): string } {
  let kept = Buffer.alloc(0)
  output.on('data', (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk])
    if (kept.length > stderrKeptBytes) kept = kept.subarray(kept.length - stderrKeptBytes)
  })
  return { text: () => kept.toString('utf8') }
}
