// Where control groups are out of reach: adds up the memory of a sandbox's processes and ends the largest when it is too much.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const INTERVAL_MS = 100
const PAGE = 4096

export interface MemoryWatch {
  kills(): number
  stop(): void
}

/** Watches the processes that share the pid namespace of `initPid`. */
export function watchMemory(input: { initPid: number; memoryBytes: number }): MemoryWatch {
  let kills = 0
  const timer = setInterval(() => {
    const processes = residentBytes(input.initPid)
    const total = processes.reduce((sum, each) => sum + each.bytes, 0)
    if (total <= input.memoryBytes) return
    const largest = processes.filter((each) => each.pid !== input.initPid).sort((a, b) => b.bytes - a.bytes)[0]
    if (!largest) return
    try {
      process.kill(largest.pid, 'SIGKILL')
      kills += 1
    } catch {
      /* gone already */
    }
  }, INTERVAL_MS)
  timer.unref()
  return { kills: () => kills, stop: () => clearInterval(timer) }
}

function residentBytes(initPid: number): { pid: number; bytes: number }[] {
  const namespace = namespaceOf(initPid)
  if (namespace === null) return []
  const found: { pid: number; bytes: number }[] = []
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || namespaceOf(pid) !== namespace) continue
    try {
      const [, resident, shared] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ').map(Number)
      found.push({ pid, bytes: Math.max(0, (resident ?? 0) - (shared ?? 0)) * PAGE })
    } catch {
      /* gone already */
    }
  }
  return found
}

function namespaceOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`)
  } catch {
    return null
  }
}
