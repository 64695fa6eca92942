// How long a proof goes on: a few rounds as part of `make test`, all of them in `make faults`.

import { randomInt } from 'node:crypto'

const isLong = process.env['SLIPWAY_FAULTS'] === 'long'

/** How often to do something that is done at random moments. `SLIPWAY_FAULTS_ROUNDS` overrules the long number. */
export function rounds(input: { short: number; long: number }): number {
  if (!isLong) return input.short
  return Number(process.env['SLIPWAY_FAULTS_ROUNDS'] ?? input.long)
}

/** All cases in `make faults`, the first few as part of `make test`. */
export function cases<T>(all: readonly T[], inShortForm: number): T[] {
  return isLong ? [...all] : all.slice(0, inShortForm)
}

/** A deadline that fits `rounds`. */
export function deadlineMs(input: { short: number; long: number }): number {
  return isLong ? input.long : input.short
}

/** In the long form: a line for each tenth that is done, so that a run of an hour shows that it lives. */
export function openProgress(name: string, wanted: number): (done: number) => void {
  const startedAt = performance.now()
  let told = 0
  return (done) => {
    const tenth = Math.floor((done * 10) / wanted)
    if (!isLong || tenth === told) return
    told = tenth
    console.log(`${name}: ${done} of ${wanted} after ${Math.round((performance.now() - startedAt) / 60_000)} min`)
  }
}

/** Random numbers in [0, 1) that come again for the same seed. Set `SLIPWAY_FAULTS_SEED` to what a failed run printed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The seed of this run: given, or new and printed. */
export function chooseSeed(name: string): number {
  const given = process.env['SLIPWAY_FAULTS_SEED']
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given)
  console.log(`${name}: SLIPWAY_FAULTS_SEED=${seed}`)
  return seed
}
