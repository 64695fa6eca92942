const UNITS = ['kB', 'MB', 'GB', 'TB']

/** `0 kB`, `2.4 MB`, `48 MB`, `3.1 GB`. */
export function formatBytes(bytes: number): string {
  let value = bytes / 1_000
  let unit = 0
  while (value >= 1_000 && unit < UNITS.length - 1) {
    value /= 1_000
    unit++
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`
}
