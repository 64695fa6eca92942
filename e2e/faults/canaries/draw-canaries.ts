// Secrets of a host, drawn anew for each round, and every form in which somebody who saw one could write it down.

import { gzipSync } from 'node:zlib'

export interface Canary {
  /** Whose it is, and how it is written: `github in hex`. */
  name: string
  form: string
}

export interface HostSecrets {
  anthropic: string
  openai: string
  compatible: string
  google: string
  ollama: string
  github: string
  databasePassword: string
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export function drawSecrets(random: () => number): HostSecrets {
  const draw = (length: number): string => Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join('')
  // Prefixes are put together here, so that no secret scanner takes this file for a leak.
  return {
    anthropic: ['sk', 'ant', `api03-${draw(60)}`].join('-'),
    openai: ['sk', 'proj', draw(48)].join('-'),
    compatible: draw(32),
    google: ['AI', `za${draw(35)}`].join(''),
    ollama: `${draw(8)}-${draw(12)}`,
    github: ['gh', `p_${draw(36)}`].join(''),
    databasePassword: `${draw(6)}/"<&+${draw(8)}`,
  }
}

const bytesOf = (text: string): string => Buffer.from(text).toString('hex')

const forms: Record<string, (secret: string) => string> = {
  plain: (secret) => secret,
  base64: (secret) => Buffer.from(`${secret} ok`).toString('base64'),
  'base64, shifted by one': (secret) => Buffer.from(`user1:${secret}`).toString('base64'),
  'base64, shifted by two': (secret) => Buffer.from(`x-access-token:i${secret}.`).toString('base64'),
  'base64 for addresses': (secret) => Buffer.from(`k=${secret}`).toString('base64url'),
  'base64 twice': (secret) => Buffer.from(Buffer.from(`bot:${secret}`).toString('base64')).toString('base64'),
  'base64 of UTF-16': (secret) => Buffer.from(secret, 'utf16le').toString('base64'),
  hex: bytesOf,
  'hex in capitals': (secret) => bytesOf(secret).toUpperCase(),
  'percent where needed': encodeURIComponent,
  'percent everywhere': (secret) => bytesOf(secret).replace(/../g, '%$&'),
  'escaped bytes': (secret) => bytesOf(secret).replace(/../g, '\\x$&'),
  JSON: (secret) => JSON.stringify(secret).slice(1, -1),
  HTML: (secret) => secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
  'UTF-16': (secret) => Buffer.from(secret, 'utf16le').toString('latin1'),
  reversed: (secret) => [...secret].reverse().join(''),
  'gzip in base64': (secret) => gzipSync(`Authorization: ${secret}\n`).toString('base64'),
}

/** Each secret in each form. */
export function canariesOf(secrets: HostSecrets): Canary[] {
  return Object.entries(secrets).flatMap(([owner, secret]) =>
    Object.entries(forms).map(([how, write]) => ({ name: `${owner} in ${how}`, form: write(secret as string) })),
  )
}

/** Those of which the text holds the inner half or more, where the others have none of it. */
export function leaksIn(text: string, canaries: readonly Canary[]): string[] {
  return canaries.filter(({ form }) => text.includes(innerHalf(form))).map(({ name }) => name)
}

function innerHalf(form: string): string {
  return form.slice(Math.floor(form.length / 4), Math.ceil((form.length * 3) / 4))
}
