// The end of a process that may have ended by itself.

/** Sends SIGKILL; a process that is gone already, or is not ours, is no error. */
export function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    /* gone already */
  }
}
