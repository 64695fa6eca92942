// Which process of ours something belongs to, so that two processes of one home leave each other's sandboxes alone.

import { readFileSync } from 'node:fs'

/** Kernel start time in ticks; with the pid it names one process for good. Null when it is gone. */
export function startTicks(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? null : Number(fields[19])
  } catch {
    return null
  }
}

/** A mark for a process, by default this one. */
export function ownerMark(pid = process.pid): string {
  return `${pid}:${startTicks(pid) ?? 0}`
}

/** Whether the process that a mark names still runs. */
export function isOwnerAlive(mark: string): boolean {
  const [pid, ticks] = mark.split(':').map(Number)
  return pid !== undefined && ticks !== undefined && startTicks(pid) === ticks
}
