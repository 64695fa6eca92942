/** Milliseconds of this process's processor time that `run` took: what neighbours on the machine take does not count, as it does on a clock. */
export function cpuMs(run: () => void): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
