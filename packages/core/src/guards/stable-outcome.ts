// Two runs of the same command print the same but for the time. What only the clock changed must not hide a loop.

const SHOWN = 4_000

const CLOCK = [
  /\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?)?/g,
  /\b\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?\b/g,
  /\b\d+(?:[.,]\d+)?\s?(?:ns|µs|us|ms|s|sec|secs|seconds?|min|minutes?)\b/g,
  /\b0x[0-9a-f]{4,16}\b/gi,
]

/** The start and the end of an output without durations, times of day, dates and memory addresses, to compare runs by. */
export function stableOutcome(output: string): string {
  const ends = output.length <= 2 * SHOWN ? output : `${output.slice(0, SHOWN)}…${output.slice(-SHOWN)}`
  return CLOCK.reduce((text, pattern) => text.replace(pattern, '⏱'), ends)
}
