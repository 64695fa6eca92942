// Secrets that somebody carries: made once, shown once, stored as a hash.

import { createHash, randomBytes } from 'node:crypto'

export const KEY_PREFIX = 'slipway_'

export interface MadeSecret {
  text: string
  hash: Buffer
  /** The last characters, for people to tell one from another. */
  hint: string
}

/** 192 random bits; nobody guesses them, so a plain hash keeps them safe. */
export function makeBearerSecret(prefix: string): MadeSecret {
  const text = prefix + randomBytes(24).toString('base64url')
  return { text, hash: hashOf(text), hint: text.slice(-4) }
}

export function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
