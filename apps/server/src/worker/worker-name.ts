// Names a worker so that another process of the same machine can tell whether it still runs.

import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { isRunning, ownIdentity } from '@slipway/store/embedded/process-identity'

/** `place/pid/start time/id`: unique for ever, whatever becomes of the pid. */
export function workerName(id: string): string {
  const { pid, startedAt } = ownIdentity()
  return [place(), pid, startedAt, id].join('/')
}

/** Whether the worker was a process of this machine and is gone. False when nothing can be said: its lease runs out by itself. */
export function isKnownGone(name: string): boolean {
  const [host, pid, startedAt, id] = name.split('/')
  if (host !== place() || pid === undefined || startedAt === undefined || id === undefined) return false
  return !isRunning({ pid: Number(pid), startedAt })
}

/** Containers may share a host name, but not the table in which a pid means something. */
function place(): string {
  try {
    return `${hostname()}:${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}
