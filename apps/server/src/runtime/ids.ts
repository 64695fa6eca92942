// Ids that sort by the time of their making: ten characters of milliseconds, sixteen of chance, in Crockford's base 32.

import { createHash, randomBytes } from 'node:crypto'
import type { Clock, Ids } from '@slipway/core/ports'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_CHARACTERS = 10
const CHANCE_CHARACTERS = 16

/** Later ids of one process sort after earlier ones, also within a millisecond and when the clock steps back. */
export function openIds(clock: Pick<Clock, 'now'>): Ids {
  let lastMs = 0
  let chance = 0n
  return {
    next() {
      const nowMs = clock.now()
      if (nowMs > lastMs) {
        lastMs = nowMs
        // The top bit stays free, so that counting up never overflows.
        chance = BigInt(`0x${randomBytes(10).toString('hex')}`) >> 1n
      } else {
        chance += 1n
      }
      return encode(BigInt(lastMs), TIME_CHARACTERS) + encode(chance, CHANCE_CHARACTERS)
    },
  }
}

/** The same text gives the same id. */
export function idFrom(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 32)
  return encode(BigInt(`0x${digest}`), TIME_CHARACTERS + CHANCE_CHARACTERS)
}

function encode(value: bigint, characters: number): string {
  let text = ''
  for (let left = value; text.length < characters; left >>= 5n) text = ALPHABET.charAt(Number(left & 31n)) + text
  return text
}
