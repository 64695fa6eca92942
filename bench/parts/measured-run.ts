// Runs one process to its end and says how long it took and how much memory it had at most.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface MeasuredRun {
  /** Wall clock, with fractions. */
  startedAtMs: number
  ms: number
  /** Most memory that this process itself held at once; its children are not in it. */
  peakMb: number
  code: number | null
  output: string
}

export async function measuredRun(argv: string[], environment: Record<string, string>, folder: string): Promise<MeasuredRun> {
  const startedAtMs = performance.timeOrigin + performance.now()
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  let peakMb = 0
  const look = setInterval(() => {
    peakMb = Math.max(peakMb, peakOf(child.pid ?? 0))
  }, 20)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  clearInterval(look)
  return { startedAtMs, ms: performance.timeOrigin + performance.now() - startedAtMs, peakMb, code, output }
}

function peakOf(pid: number): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(line?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
