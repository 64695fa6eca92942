// A process is named by its id and its start time, because ids are used again.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface ProcessIdentity {
  pid: number
  /** Opaque; differs between two processes that had the same id, also across reboots. */
  startedAt: string
}

/** The identity of the calling process. */
export function ownIdentity(): ProcessIdentity {
  const startedAt = startTimeOf(process.pid)
  if (startedAt === null) throw new Error('This process cannot find itself in the process table.')
  return { pid: process.pid, startedAt }
}

/** Whether exactly this process (not a later one with the same id) still runs. */
export function isRunning(identity: ProcessIdentity): boolean {
  return startTimeOf(identity.pid) === identity.startedAt
}

/** null: no such process, or only its unread exit status is left. */
export function startTimeOf(pid: number): string | null {
  if (process.platform !== 'linux') return startTimeFromPs(pid)
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return null
  }
  // The command name in parentheses may hold spaces and parentheses itself; fields after the last one are regular (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const state = fields[0]
  const startTicks = fields[19]
  if (state === 'Z' || state === 'X' || startTicks === undefined) return null
  return `${bootId()}-${startTicks}`
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

function startTimeFromPs(pid: number): string | null {
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || null
    )
  } catch {
    return null
  }
}
