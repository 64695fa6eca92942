// How much memory and disk a piece of work takes while it runs: of the programs that this process starts, and below one folder.

import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Weight {
  /** The most that any one program held in memory at once. */
  memoryBytes: number
  /** The most by which the folder grew. */
  diskBytes: number
  /** Programs that were seen; none means that nothing was weighed. */
  programs: number
}

const memoryEveryMs = 10
const diskEveryMs = 100

/** The system keeps the peak of each program, so that a look now and then misses only those that were too short to grow. */
export async function weigh<Result>(folder: string, work: () => Promise<Result>): Promise<{ result: Result; weight: Weight }> {
  const startBytes = sizeOf(folder)
  const weight: Weight = { memoryBytes: 0, diskBytes: 0, programs: 0 }
  const seen = new Set<string>()
  function weighMemory(): void {
    for (const pid of descendants(String(process.pid))) {
      seen.add(pid)
      weight.memoryBytes = Math.max(weight.memoryBytes, peakOf(pid))
    }
  }
  function weighDisk(): void {
    weight.diskBytes = Math.max(weight.diskBytes, sizeOf(folder) - startBytes)
  }
  const timers = [setInterval(weighMemory, memoryEveryMs), setInterval(weighDisk, diskEveryMs)]
  try {
    const result = await work()
    weighDisk()
    return { result, weight: { ...weight, programs: seen.size } }
  } finally {
    for (const timer of timers) clearInterval(timer)
  }
}

function descendants(pid: string): string[] {
  const children = tasksOf(pid).flatMap((task) => read(`/proc/${pid}/task/${task}/children`).split(' ').filter(Boolean))
  return children.flatMap((child) => [child, ...descendants(child)])
}

function tasksOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

/** See proc_pid_status(5): in kilobytes, and not there for a program that has ended. */
function peakOf(pid: string): number {
  return 1024 * Number(/^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** What lies on the disk, holes left out. */
function sizeOf(path: string): number {
  try {
    const found = lstatSync(path)
    const own = found.blocks * 512
    return found.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), own) : own
  } catch {
    return 0
  }
}
