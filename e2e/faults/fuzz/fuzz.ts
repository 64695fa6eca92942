// Runs a property: the same few cases each time as part of `make test`, many fresh ones in `make faults`.

import fc from 'fast-check'
import { chooseSeed, deadlineMs, rounds } from '../effort.ts'

export interface Fuzz {
  name: string
  short: number
  long: number
  /** The short form stops here on a slow machine, having tried what it could. */
  shortMs?: number
}

const usualSeed = 20260101

/** Throws with the smallest failing case, its seed and its path; `SLIPWAY_FAULTS_SEED` repeats it. */
export async function fuzz<Case>(
  { name, short, long, shortMs = 8_000 }: Fuzz,
  cases: fc.Arbitrary<Case>,
  check: (given: Case) => Promise<void> | void,
): Promise<void> {
  const isLong = rounds({ short: 0, long: 1 }) > 0
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      await check(given)
    }),
    {
      numRuns: rounds({ short, long }),
      seed: isLong || process.env['SLIPWAY_FAULTS_SEED'] !== undefined ? chooseSeed(name) : usualSeed,
      interruptAfterTimeLimit: deadlineMs({ short: shortMs, long: 20 * 60_000 }),
      markInterruptAsFailure: false,
    },
  )
}

/** The promise, or an error that says what did not end in time. */
export async function within<Result>(limitMs: number, what: string, promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${limitMs} ms`)), limitMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
