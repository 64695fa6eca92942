// Timing.

export interface Spread {
  p50: number
  p95: number
  p99: number
  max: number
  count: number
}

/** Runs `work` again and again, one after the other, and says how the milliseconds spread. */
export async function timed(times: number, work: (round: number) => unknown): Promise<Spread> {
  const taken: number[] = []
  for (let round = 0; round < times; round += 1) {
    const started = performance.now()
    await work(round)
    taken.push(performance.now() - started)
  }
  return spread(taken)
}

export function spread(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? Number.NaN, count: sorted.length }
}

/** `p50 1.2  p95 3.4  p99 5.6 (100 times)`, in milliseconds. */
export function tell({ p50, p95, p99, count }: Spread): string {
  const short = (ms: number): string => ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0)
  return `p50 ${short(p50)}  p95 ${short(p95)}  p99 ${short(p99)} (${count} times)`
}

/** How many times a second `writers` loops together get through `work`, and how long each took. */
export async function throughput(input: {
  writers: number
  forMs: number
  work(writer: number): Promise<unknown>
}): Promise<{ perSecond: number; spread: Spread }> {
  const taken: number[] = []
  const started = performance.now()
  await Promise.all(
    Array.from({ length: input.writers }, async (_, writer) => {
      while (performance.now() - started < input.forMs) {
        const begun = performance.now()
        await input.work(writer)
        taken.push(performance.now() - begun)
      }
    }),
  )
  return { perSecond: taken.length / ((performance.now() - started) / 1000), spread: spread(taken) }
}
