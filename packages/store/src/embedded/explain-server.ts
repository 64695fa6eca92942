// What to do about what PostgreSQL says when it cannot go on.

import type { DatabaseCause } from '../database-problem.ts'

/** `said` is the end of its log or output, `data` its data folder; null where only its own words help. */
export function explainServer(said: string, data: string): { cause: DatabaseCause; fix: string } | null {
  // Its shared memory is a file system of its own, whatever room the disk has.
  if (/shared memory segment[^\n]*No space left on device/.test(said))
    return {
      cause: 'server-failed',
      fix: 'Make /dev/shm larger: `mount -o remount,size=64m /dev/shm`; for a container: docker run --shm-size=64m',
    }
  if (/No space left on device/.test(said)) return { cause: 'disk-full', fix: `Free some space, for example after: df -h ${data}` }
  // initdb starts it through a shell, and does not quote for that.
  const [, program] = /"postgres" is needed by initdb but was not found in the same directory as "(.*)"/.exec(said) ?? []
  if (program !== undefined && /["$`\\]/.test(program))
    return { cause: 'server-failed', fix: 'Move Slipway to a folder whose path has no quotes, dollar signs or backslashes.' }
  return null
}
