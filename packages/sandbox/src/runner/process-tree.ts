// Ends everything that one command started, detached children included. The kernel has no handle for "all that came from
// this one" without a cgroup of our own, so processes are recognised by a mark in their environment, by descent, and,
// when they wiped both, by having appeared without a mark since the command began: where nobody else's processes are in sight.

import { readdirSync, readFileSync } from 'node:fs'

export const MARK = 'SLIPWAY_COMMAND'
const ROUNDS = 200

interface Process {
  pid: number
  parent: number
  startTicks: number
  isZombie: boolean
  mark: string | null
}

/** Kernel start time of a process in ticks, 0 when it is gone. */
export function startTicks(pid: number): number {
  return readProcess(pid)?.startTicks ?? 0
}

export interface EndedCommand {
  mark: string
  pid: number
  startTicks: number
  /** Processes of others are seen, too, so that one without a mark may be anybody's. */
  isAmongOthers: boolean
}

/** Resolves when no process of the command is left (at most about 2 s). */
export async function endTree(command: EndedCommand): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const victims = stopAll(command)
    if (victims.size === 0) return
    for (const pid of victims) signal(pid, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Stops victims until no new one appears, so that a process that keeps forking cannot run away. */
function stopAll(command: EndedCommand): Set<number> {
  const stopped = new Set<number>()
  for (let round = 0; round < 50; round += 1) {
    const fresh = victimsOf(command).filter((pid) => !stopped.has(pid))
    if (fresh.length === 0) break
    for (const pid of fresh) {
      signal(pid, 'SIGSTOP')
      stopped.add(pid)
    }
  }
  return stopped
}

function victimsOf(command: EndedCommand): number[] {
  const processes = new Map<number, Process>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) continue
    const found = readProcess(pid)
    if (found && !found.isZombie) processes.set(pid, found)
  }
  return [...processes.values()]
    .filter((each) => {
      const owner = ownerOf(each, processes, command.pid)
      if (owner !== null) return owner === command.mark
      return !command.isAmongOthers && each.startTicks >= command.startTicks && each.startTicks >= ownStartTicks()
    })
    .map((each) => each.pid)

  function ownerOf(start: Process, all: Map<number, Process>, rootPid: number): string | null {
    let current: Process | undefined = start
    for (let hops = 0; current && hops < 10_000; hops += 1) {
      if (current.pid === rootPid) return command.mark
      if (current.mark !== null) return current.mark
      current = all.get(current.parent)
    }
    return null
  }
}

let ownTicks: number | null = null
function ownStartTicks(): number {
  ownTicks ??= startTicks(process.pid)
  return ownTicks
}

function readProcess(pid: number): Process | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return {
      pid,
      parent: Number(fields[1]),
      startTicks: Number(fields[19]),
      isZombie: fields[0] === 'Z' || fields[0] === 'X',
      mark: readMark(pid),
    }
  } catch {
    return null
  }
}

function readMark(pid: number): string | null {
  try {
    const environment = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`
    const start = environment.indexOf(`\0${MARK}=`)
    if (start < 0) return null
    const end = environment.indexOf('\0', start + 1)
    return environment.slice(start + MARK.length + 2, end < 0 ? undefined : end)
  } catch {
    return null
  }
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGKILL'): void {
  try {
    process.kill(pid, name)
  } catch {
    /* gone already */
  }
}
