// One worker process seen from outside: what it acknowledged, when it first got anywhere, how it ended.

import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import type { SessionEvent } from '@slipway/core/events'
import type { ClockJump, FromWorker, KillAtAppend, ToWorker } from './worker-messages.ts'

const child = new URL('./worker.child.ts', import.meta.url).pathname

export interface WorkerProcess {
  pid: number
  /** Events whose append was acknowledged to it, in order. */
  acknowledged: SessionEvent[]
  /** Names of its appends, in order. */
  appends: string[]
  /** How its drives ended, in order. */
  driven: string[]
  /** The death that it chose by itself. */
  death(): KillAtAppend | null
  /** Milliseconds from its start to its first stored event; null: it has stored none. */
  firstAppendMs(): number | null
  /** What went wrong in it, in its own words. */
  troubles(): string
  begin(kills: KillAtAppend[], jumps?: ClockJump[]): void
  kill(): void
  /** Lets go of everything and ends by itself. */
  drain(): void
  exited: Promise<{ code: number | null; signal: string | null }>
}

/** Starts one with this environment. `onChange` is called for whatever it tells. */
export function startWorkerProcess(environment: Record<string, string>, onChange: () => void): WorkerProcess {
  const startedAt = performance.now()
  const started = spawn(process.execPath, [child], { env: environment, stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'ipc'], cwd: '/' })
  const acknowledged: SessionEvent[] = []
  const appends: string[] = []
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
    }
    if (message.kind === 'appends') appends.push(message.append)
    if (message.kind === 'dies') death = message.kill
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
    appends,
    driven,
    death: () => death,
    firstAppendMs: () => firstAppendMs,
    troubles: () => troubles,
    begin: (kills, jumps = []) => send({ kind: 'begin', kills, jumps }),
    kill: () => void started.kill('SIGKILL'),
    drain: () => send({ kind: 'drain' }),
    // `close`, not `exit`: everything that it wrote has been read by then.
    exited: new Promise((resolve) => started.on('close', (code, signal) => resolve({ code, signal }))),
  }
}
