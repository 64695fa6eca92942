// Timing, and how it is told.

export interface Figure {
  name: string
  value: string
}

/** Runs `work` again and again and reports its middle and its slow end in milliseconds. */
export async function percentiles(name: string, times: number, work: () => unknown): Promise<Figure> {
  const taken: number[] = []
  for (let round = 0; round < times; round += 1) {
    const started = performance.now()
    await work()
    taken.push(performance.now() - started)
  }
  taken.sort((a, b) => a - b)
  return { name, value: `p50 ${milliseconds(at(taken, 0.5))}   p99 ${milliseconds(at(taken, 0.99))}   (${times} times)` }
}

/** How many times a second `writers` loops together get through `work` in the given time. */
export async function throughput(
  name: string,
  input: { writers: number; forMs: number; work(writer: number): Promise<unknown> },
): Promise<Figure> {
  const started = performance.now()
  let done = 0
  await Promise.all(
    Array.from({ length: input.writers }, async (_, writer) => {
      while (performance.now() - started < input.forMs) {
        await input.work(writer)
        done += 1
      }
    }),
  )
  return { name, value: `${Math.round(done / ((performance.now() - started) / 1000)).toLocaleString('en')}/s` }
}

function at(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 2 : 0)} ms`
}
