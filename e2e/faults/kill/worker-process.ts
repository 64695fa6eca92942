// One worker process seen from outside: what it acknowledged, when it first got anywhere, how it ended.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import type { SessionEvent } from '@slipway/core/events'
import type { ClockJump, FromWorker, HoldPlace, KillAtAppend, ToWorker } from './worker-messages.ts'

const child = new URL('./worker.child.ts', import.meta.url).pathname

export interface WorkerProcess {
  pid: number
  /** Events whose append was acknowledged to it, in order. */
  acknowledged: SessionEvent[]
  /** For each of these, the fence of the lease that its append carried. */
  fences: (number | null)[]
  /** Names of its appends, in order. */
  appends: string[]
  /** How its drives ended, in order. */
  driven: string[]
  /** Where sessions stand still in it. */
  holds: HoldPlace[]
  /** The death that it chose by itself. */
  death(): KillAtAppend | null
  /** Milliseconds from its start to its first stored event; null: it has stored none. */
  firstAppendMs(): number | null
  /** What went wrong in it, in its own words. */
  troubles(): string
  begin(kills: KillAtAppend[], jumps?: ClockJump[], holds?: HoldPlace[]): void
  kill(): void
  /** Stops it, SIGSTOP: right where sessions stand still in it, else wherever it is. It takes on no session afterwards. */
  freeze(): Promise<void>
  /** Wakes it; resolves when it works on nothing any more. */
  thaw(): Promise<void>
  /** Lets go of everything and ends by itself. */
  drain(): void
  exited: Promise<{ code: number | null; signal: string | null }>
}

/** Starts one with this environment. `onChange` is called for whatever it tells. */
export function startWorkerProcess(environment: Record<string, string>, onChange: () => void): WorkerProcess {
  const startedAt = performance.now()
  const started = spawn(process.execPath, [child], { env: environment, stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'ipc'], cwd: '/' })
  const acknowledged: SessionEvent[] = []
  const fences: (number | null)[] = []
  const appends: string[] = []
  const holds: HoldPlace[] = []
  const retired = Promise.withResolvers<void>()
  const settled = Promise.withResolvers<void>()
  const driven: string[] = []
  let death: KillAtAppend | null = null
  let firstAppendMs: number | null = null
  let troubles = ''
  started.stderr?.setEncoding('utf8').on('data', (text: string) => (troubles += text))
  const told = createInterface({ input: started.stdio[3] as Readable })
  told.on('line', (line) => {
    const message = JSON.parse(line) as FromWorker
    if (message.kind === 'acknowledged') {
      firstAppendMs ??= performance.now() - startedAt
      acknowledged.push(...message.events)
      fences.push(...message.events.map(() => message.fence))
    }
    if (message.kind === 'appends') appends.push(message.append)
    if (message.kind === 'dies') death = message.kill
    if (message.kind === 'holds') holds.push(message.place)
    if (message.kind === 'retired') retired.resolve()
    if (message.kind === 'settled') settled.resolve()
    if (message.kind === 'driven') driven.push(message.result)
    if (message.kind === 'driven' && message.error !== null) troubles += `drive failed: ${message.error}\n`
    onChange()
  })
  const send = (message: ToWorker): void => {
    if (started.connected) started.send(message, () => undefined)
  }
  return {
    pid: started.pid ?? 0,
    acknowledged,
    fences,
    appends,
    holds,
    driven,
    death: () => death,
    firstAppendMs: () => firstAppendMs,
    troubles: () => troubles,
    begin: (kills, jumps = [], holds = []) => send({ kind: 'begin', kills, jumps, holds }),
    kill: () => void started.kill('SIGKILL'),
    async freeze() {
      send({ kind: holds.length > 0 ? 'freeze' : 'retire' })
      await retired.promise
      // Twice would stop it again after it was woken.
      if (holds.length === 0) started.kill('SIGSTOP')
      while (!isStopped(started.pid)) await delay(1)
    },
    async thaw() {
      send({ kind: 'settle' })
      started.kill('SIGCONT')
      await settled.promise
    },
    drain: () => send({ kind: 'drain' }),
    // `close`, not `exit`: everything that it wrote has been read by then.
    exited: new Promise((resolve) => started.on('close', (code, signal) => resolve({ code, signal }))),
  }
}

function isStopped(pid: number | undefined): boolean {
  return /^State:\s+[TZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
}
