// The server in a process of its own, reached as any client reaches it.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { BenchHome } from './bench-home.ts'

export interface ServerProcess {
  pid: number
  url: string
  /** JSON in and out below /api/v1. Throws when it is refused. */
  call(method: string, path: string, body?: unknown): Promise<unknown>
  /** Starts a session and returns its id. */
  start(body: Record<string, unknown>): Promise<string>
  /** Follows a session from its beginning; the socket is closed when `onMessage` returns true. */
  watch(sessionId: string, onMessage: (message: StreamMessage) => boolean): Promise<void>
  /** Resolves when the server has used little of the processor for a second. */
  idle(): Promise<void>
  /** Resident memory of the server itself, in MB. */
  memoryMb(): number
  /** The same at its lowest within half a minute of rest: a runtime gives memory back when it finds the time. */
  restingMemoryMb(): Promise<number>
  close(): Promise<void>
}

interface StreamMessage {
  type: string
  event?: { body: { type: string; outcome?: string } }
  delta?: { channel: string; text: string }
}

const SLIPWAY = new URL('../../slipway', import.meta.url).pathname

export async function startServer(place: BenchHome, variables: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(SLIPWAY, ['up'], {
    cwd: place.folder,
    env: {
      PATH: process.env['PATH'],
      HOME: place.folder,
      ...place.variables,
      PORT: '0',
      SLIPWAY_SANDBOX: 'bubblewrap',
      SLIPWAY_LOG_LEVEL: 'error',
      SLIPWAY_DAILY_BUDGET_USD: '100000',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  let said = ''
  const base = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-5_000)
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
        if (address !== undefined) resolve(address)
      })
    }
    void ended.then(() => reject(new Error(`the server ended: ${said}`)))
  })
  const token = readFileSync(join(place.home, 'api-token'), 'utf8').trim()
  const pid = child.pid ?? 0
  const server: ServerProcess = {
    pid,
    url: base,
    async call(method, path, body) {
      const answer = await fetch(`${base}/api/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
      return answer.json()
    },
    async start(body) {
      const task = { task: 'Do the task.', repository: place.repository, autonomy: 'auto', ...body }
      return ((await server.call('POST', '/sessions', task)) as { id: string }).id
    },
    watch(sessionId, onMessage) {
      const socket = new WebSocket(`${base.replace('http', 'ws')}/api/v1/sessions/${sessionId}/stream?after=0`, [
        'slipway',
        `bearer.${token}`,
      ])
      return new Promise((resolve, reject) => {
        socket.addEventListener('error', () => reject(new Error('the stream broke')))
        socket.addEventListener('close', ({ code }) => reject(new Error(`the stream was closed with ${code}`)))
        socket.addEventListener('message', ({ data }) => {
          if (!onMessage(JSON.parse(String(data)) as StreamMessage)) return
          resolve()
          socket.close()
        })
      })
    },
    async idle() {
      for (let before = ticks(pid); ; ) {
        await delay(1_000)
        const now = ticks(pid)
        // A hundred ticks are a second of one core.
        if (now - before < 15) return
        before = now
      }
    },
    memoryMb: () => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    async restingMemoryMb() {
      await server.idle()
      let lowest = server.memoryMb()
      for (let look = 0; look < 30; look += 1) {
        await delay(1_000)
        lowest = Math.min(lowest, server.memoryMb())
      }
      return lowest
    },
    async close() {
      child.kill('SIGTERM')
      await ended
    },
  }
  return server
}

/** Processor time used so far, in ticks of 10 ms. */
function ticks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return Number(fields[11]) + Number(fields[12])
}
