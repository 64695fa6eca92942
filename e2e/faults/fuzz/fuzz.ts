// Runs a property: the same few cases each time as part of `make test`, many fresh ones in `make faults`.

import fc from 'fast-check'
import { chooseSeed, deadlineMs, rounds } from '../effort.ts'

export interface Fuzz {
  name: string
  short: number
  long: number
  /** The short form stops here on a slow machine, but never before a tenth is done. */
  shortMs?: number
  /** A failing case is not made smaller, where trying smaller ones would take long. */
  isKeptWhole?: boolean
}

const usualSeed = 20260101

/**
 * Throws with the smallest failing case, its seed and its path; `SLIPWAY_FAULTS_SEED` repeats it. Says how many cases
 * it was, for time may end it early.
 */
export async function fuzz<Case>(
  { name, short, long, shortMs = 8_000, isKeptWhole = false }: Fuzz,
  cases: fc.Arbitrary<Case>,
  check: (given: Case) => Promise<void> | void,
): Promise<void> {
  const isLong = rounds({ short: 0, long: 1 }) > 0
  const wanted = rounds({ short, long })
  const seed = isLong || process.env['SLIPWAY_FAULTS_SEED'] !== undefined ? chooseSeed(name) : usualSeed
  let done = 0
  const property = fc.asyncProperty(cases, async (given) => {
    done++
    await check(given)
  })
  const least = Math.ceil(wanted / 10)
  await fc.assert(property, { numRuns: least, seed, endOnFailure: isKeptWhole })
  if (wanted === least) return
  const interruptAfterTimeLimit = deadlineMs({ short: shortMs, long: 20 * 60_000 })
  const ended = await fc.check(property, {
    numRuns: wanted - least,
    seed: seed + 1,
    interruptAfterTimeLimit,
    markInterruptAsFailure: false,
  })
  // Time that was up before the first of these had ended counts as a failure without a case.
  if (ended.failed && ended.counterexample !== null) throw new Error(fc.defaultReportMessage(ended), { cause: ended.errorInstance })
  console.log(`${name}: ${done} of ${wanted} cases`)
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
