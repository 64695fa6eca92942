// What a session may leave on the machine once nobody works on it any more: nothing that runs, nothing that is mounted.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const patienceMs = 15_000

/**
 * Processes and mounts that have to do with this folder, in words. Database servers and those in `expected` are left out. A
 * process that is being taken down by the kernel gets the time for it.
 */
export async function leftBehind(folder: string, expected: ReadonlySet<number>): Promise<string[]> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const found = look(folder, expected)
    if (found.length === 0 || performance.now() > deadline) return found
    await delay(50)
  }
}

function look(folder: string, expected: ReadonlySet<number>): string[] {
  const mounts = readText('/proc/self/mountinfo')
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => `mounted: ${line.split(' ')[4]}`)
  const processes = readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid || expected.has(pid)) return []
    const command = readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
    if (/(^|\/)postgres\b/.test(command)) return []
    // A process inside a sandbox shows the folder only in what is mounted for it; one of bwrap's that starts anybody's has the host's mounts.
    const traces = [command, readLink(`/proc/${pid}/cwd`), command.startsWith('bwrap ') ? '' : ownMounts(pid)]
    return traces.some((trace) => trace.includes(folder)) ? [`running: ${pid} ${command.slice(0, 60)} … ${command.slice(-100)}`] : []
  })
  return [...mounts, ...processes]
}

/** What a process inside a sandbox sees mounted; the mounts of everybody else are the host's. */
function ownMounts(pid: number): string {
  const place = readLink(`/proc/${pid}/ns/pid`)
  return place === '' || place === readLink('/proc/self/ns/pid') ? '' : readText(`/proc/${pid}/mountinfo`)
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
