// Runs one command through a channel with a deadline and a way to stop, and says why it ended.

import type { ExecResult, ExecSpec, SandboxProcess } from '@slipway/core/ports'
import type { Channel, RunningCommand } from './channel.ts'

/** A stopped command that is not gone by then takes the sandbox with it. */
const KILL_LIMIT_MS = 2_000

export interface CommandContext {
  channel: Channel
  /** Ends the sandbox. */
  abandon(reason: string): void
  oomKills(): Promise<number>
}

export interface CommandSpec extends Omit<ExecSpec, 'timeoutMs' | 'stdin'> {
  timeoutMs: number | null
  stdin: AsyncIterable<Uint8Array> | 'open' | null
}

/** Starts a command; `exited` resolves after its output was handled. Throws SandboxLost when the sandbox is gone. */
export async function startCommand(context: CommandContext, spec: CommandSpec): Promise<SandboxProcess> {
  if (spec.argv.length === 0 || spec.argv.some((argument) => argument.includes('\0')))
    throw new Error('a command needs at least one argument, and none may hold a NUL')
  if (spec.signal?.aborted) return neverStarted()
  const killsBefore = await context.oomKills()
  const startedAt = performance.now()
  const command = context.channel.exec(
    { argv: spec.argv, cwd: spec.cwd ?? '', env: spec.env ?? {}, input: spec.stdin !== null },
    { onOutput: (chunk, stream) => spec.onOutput?.(chunk, stream) },
  )
  let cause: 'timeout' | 'stopped' | null = null
  let isOver = false
  let backstop: NodeJS.Timeout | undefined
  const end = (why: 'timeout' | 'stopped'): void => {
    // Nothing is left to kill, so no answer would stop the backstop.
    if (cause || isOver) return
    cause = why
    command.kill()
    backstop = setTimeout(
      () => context.abandon(`a command could not be ended within ${KILL_LIMIT_MS / 1000} s, so the sandbox was`),
      KILL_LIMIT_MS,
    )
  }
  const stop = (): void => end('stopped')
  spec.signal?.addEventListener('abort', stop, { once: true })
  const deadline = spec.timeoutMs === null ? undefined : setTimeout(() => end('timeout'), spec.timeoutMs)
  if (spec.stdin !== null && spec.stdin !== 'open') void feed(command, spec.stdin, stop)

  const exited = command.exited
    .then(async ({ code, signal }): Promise<ExecResult> => {
      const ms = Math.round(performance.now() - startedAt)
      if (cause) return { exitCode: null, killed: cause, ms }
      const isKilled = signal === 'SIGKILL' || code === 137
      if (isKilled && (await context.oomKills()) > killsBefore) return { exitCode: null, killed: 'memory', ms }
      return { exitCode: code ?? 128 + signalNumber(signal), killed: null, ms }
    })
    .finally(() => {
      isOver = true
      clearTimeout(deadline)
      clearTimeout(backstop)
      spec.signal?.removeEventListener('abort', stop)
    })
  exited.catch(() => undefined)
  return {
    async write(bytes) {
      await command.write(bytes)
    },
    endInput: async () => command.endInput(),
    exited,
    async kill() {
      stop()
      await exited.catch(() => undefined)
    },
  }
}

async function feed(command: RunningCommand, stdin: AsyncIterable<Uint8Array>, stop: () => void): Promise<void> {
  try {
    for await (const bytes of stdin) if (!(await command.write(bytes))) return
    command.endInput()
  } catch {
    // The source failed or the sandbox is gone; half an input must not pass for a whole one.
    stop()
  }
}

function neverStarted(): SandboxProcess {
  return {
    write: async () => undefined,
    endInput: async () => undefined,
    exited: Promise.resolve({ exitCode: null, killed: 'stopped', ms: 0 }),
    kill: async () => undefined,
  }
}

const SIGNALS: Record<string, number> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSYS: 31,
  SIGXFSZ: 25,
  SIGXCPU: 24,
}

function signalNumber(signal: string | null): number {
  return signal === null ? 0 : (SIGNALS[signal] ?? 0)
}
