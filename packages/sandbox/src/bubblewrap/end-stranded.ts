// What bwrap leaves behind when it is killed in the middle of its start.

import { readdirSync, readFileSync } from 'node:fs'
import { killQuietly } from './kill-quietly.ts'

/**
 * Ends processes of bwrap for sandboxes below `root` that wait for nobody. bwrap's second process is to die with the first only from
 * a moment after it was told its user's map: where the first is killed before that, the second waits for ever, and holds every mount.
 */
export function endStranded(root: string): void {
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (Number.isInteger(pid) && isStranded(pid, root)) killQuietly(pid)
  }
}

function isStranded(pid: number, root: string): boolean {
  const command = read(`/proc/${pid}/cmdline`)
  if (!isBubblewrap(command) || !command.includes(`${root}/`)) return false
  const status = read(`/proc/${pid}/status`)
  // The first process is in the host's namespace, and its parent is one of ours.
  const isSecond = /^NSpid:(?:\t\d+){2,}$/m.test(status)
  const parent = /^PPid:\t(\d+)$/m.exec(status)?.[1]
  return isSecond && !isBubblewrap(read(`/proc/${parent}/cmdline`))
}

const isBubblewrap = (command: string): boolean => /^(?:\S*\/)?bwrap\0/.test(command)

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
