// Starts bwrap as the unprivileged sandbox user, puts it under its limits before it runs anything, and ends it.

import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { SandboxLimits } from '@slipway/core/ports'
import { LaunchFailed } from '../backend.ts'
import type { State } from '../host/state.ts'
import type { Cgroup, Cgroups } from '../limits/cgroup.ts'
import { type MemoryWatch, watchMemory } from '../limits/memory-watch.ts'
import { bubblewrapArguments, type Mount } from './arguments.ts'
import { killQuietly } from './kill-quietly.ts'

const START_LIMIT_MS = 10_000
const KILL_LIMIT_MS = 1_000
const LAST_WORDS_MS = 1_000
const MAX_ERRORS = 8_192
/** Of util-linux, which is part of every common distribution. */
const PRLIMIT = '/usr/bin/prlimit'
const RESERVED_BYTES = 1024 * 1024 * 1024

export interface Confined {
  stdin: Writable
  stdout: Readable
  /** Host pid of the first process inside; its end is the end of all. */
  initPid: number
  oomKills(): number
  /** Resolves with the exit code once nothing is left. */
  exited: Promise<number | null>
  errors(): string
  kill(): Promise<void>
}

export interface SpawnInput {
  state: State
  seccompFile: string
  cgroups: Cgroups | null
  name: string
  limits: SandboxLimits
  mounts: Mount[]
  environment: Record<string, string>
  argv: string[]
}

/** Throws LaunchFailed with bwrap's own words when it does not come up. */
export async function spawnBubblewrap(input: SpawnInput): Promise<Confined> {
  const seccomp = openSync(input.seccompFile, 'r')
  let child: ChildProcess
  try {
    child = spawn('bwrap', [...bubblewrapArguments(input), ...limited(input)], {
      stdio: ['pipe', 'pipe', 'pipe', seccomp, 'pipe', 'pipe'],
      // PATH finds bwrap; nothing of the host's environment is passed on.
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      cwd: '/',
      ...(input.state.isRoot ? { uid: input.state.uid, gid: input.state.gid } : {}),
    })
  } finally {
    closeSync(seccomp)
  }
  const errors = collect(child.stderr as Readable)
  const gone = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.once('error', (error: NodeJS.ErrnoException) => {
      errors.add(error.code === 'ENOENT' ? 'bwrap is not installed' : error.message)
      resolve(null)
    })
  })
  for (const stream of child.stdio) stream?.on('error', () => undefined)
  const heard = new Promise<void>((resolve) => child.once('close', () => resolve()))
  /** What it said before it ended. Its end is noticed before the last of that has been read. */
  const lastWords = async (): Promise<string> => {
    await gone
    await Promise.race([heard, delay(LAST_WORDS_MS, undefined, { ref: false })])
    return errors.text().trim()
  }

  const initPid = await readInitPid(child.stdio[4] as Readable, gone)
  if (initPid === null) {
    child.kill('SIGKILL')
    throw new LaunchFailed((await lastWords()) || 'bwrap ended without a word')
  }
  let group: Cgroup | null = null
  let watch: MemoryWatch | null = null
  try {
    group = input.cgroups?.create(input.name, input.limits) ?? null
    // Not bwrap itself, which only waits: each move costs the kernel some milliseconds.
    group?.add(initPid)
    if (!group) watch = watchMemory({ initPid, memoryBytes: input.limits.memoryBytes })
  } catch (error) {
    child.kill('SIGKILL')
    const said = await lastWords()
    // When it ended before it could be limited, why it ended is the cause.
    const hadEnded = (error as NodeJS.ErrnoException).code === 'ESRCH' && said !== ''
    throw new LaunchFailed(hadEnded ? said : `the limits could not be set: ${(error as Error).message}`)
  }
  const descriptors: readonly unknown[] = child.stdio
  ;(descriptors[5] as Writable).end('x')

  let finalKills: number | null = null
  const oomKills = (): number => finalKills ?? group?.oomKills() ?? watch?.kills() ?? 0
  const exited = gone.then(async (code) => {
    await untilGone(initPid)
    finalKills = oomKills()
    watch?.stop()
    group?.remove()
    return code
  })
  return {
    stdin: child.stdin as Writable,
    stdout: child.stdout as Readable,
    initPid,
    oomKills,
    exited,
    errors: errors.text,
    async kill() {
      // The first process takes its whole pid namespace with it; bwrap outside collects it and ends.
      killQuietly(initPid)
      const late = setTimeout(() => {
        if (child.pid !== undefined) killQuietly(child.pid)
      }, KILL_LIMIT_MS)
      await exited.finally(() => clearTimeout(late))
    },
  }
}

/**
 * A dump is written, or handed to a program of the host's by its core_pattern, outside of every limit. A limit of 1 byte is
 * the one that stops both: for a program, 0 does not count. See `do_coredump` in fs/coredump.c.
 *
 * Without control groups the kernel's per-process limits have to do; inside a user namespace they count per sandbox.
 */
function limited(input: SpawnInput): string[] {
  const argv = existsSync(PRLIMIT) ? [PRLIMIT, '--core=1:1', ...input.argv] : input.argv
  if (input.cgroups) return ['--', ...argv]
  // Runtimes reserve large ranges (V8: 512 MiB for code alone) that count as data before they are used.
  const kibibytes = Math.floor((input.limits.memoryBytes + RESERVED_BYTES) / 1024)
  const script = `ulimit -u ${input.limits.processes}; ulimit -d ${kibibytes}; ulimit -f ${Math.floor(input.limits.diskBytes / 1024)}; exec "$@"`
  return ['--', '/bin/bash', '-c', script, 'limits', ...argv]
}

async function readInitPid(info: Readable, gone: Promise<unknown>): Promise<number | null> {
  const read = new Promise<number | null>((resolve) => {
    let text = ''
    // Read to the end: bwrap writes in several steps, and a closed pipe would end it.
    info.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
      const pid = /"child-pid":\s*(\d+)/.exec(text)
      if (pid) resolve(Number(pid[1]))
    })
  })
  const late = delay(START_LIMIT_MS, null, { ref: false })
  return Promise.race([read, late, gone.then(() => null)])
}

async function untilGone(pid: number): Promise<void> {
  for (let attempt = 0; attempt < 500 && isAlive(pid); attempt += 1) await delay(4)
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

function collect(stream: Readable): { text(): string; add(line: string): void } {
  let text = ''
  const add = (more: string): void => {
    text = (text + more).slice(-MAX_ERRORS)
  }
  stream.on('data', (chunk: Buffer) => add(chunk.toString('utf8')))
  return { text: () => text, add }
}
