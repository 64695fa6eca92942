// Secrets of a host, drawn anew for each round, and every form in which somebody who saw one could write it down.

import { generateKeyPairSync } from 'node:crypto'
import { gzipSync } from 'node:zlib'

export interface Canary {
  /** Whose it is, and how it is written: `github in hex`. */
  name: string
  form: string
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Of every kind that the settings can hold, the home folder keeps, and an account brings; that last one is drawn by its provider. */
export function drawSecrets(random: () => number, accountToken: string) {
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
    githubClient: draw(40),
    githubWebhook: draw(24),
    // Not of the seed: the system draws keys of its own. A short one, because it is sent so often.
    githubApp: generateKeyPairSync('rsa', {
      modulusLength: 1024,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    }).privateKey.trim(),
    gitlab: ['gl', `pat-${draw(20)}`].join(''),
    gitlabClient: ['glo', `as-${draw(64)}`].join(''),
    gitlabWebhook: draw(32),
    notion: ['nt', `n_${draw(46)}`].join(''),
    notionClient: ['secret', draw(43)].join('_'),
    notionWebhook: ['secret', draw(43)].join('_'),
    vercel: draw(24),
    vercelClient: draw(24),
    vercelWebhook: draw(24),
    googleClient: ['GOC', `SPX-${draw(28)}`].join(''),
    mailPassword: `${draw(10)}=%?${draw(8)}`,
    secretKey: draw(43),
    formerSecretKey: draw(43),
    apiToken: draw(43),
    account: accountToken,
  }
}

export type HostSecrets = ReturnType<typeof drawSecrets>

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

/** Some forms of each secret, others in the next round; what is not sent is looked for all the same. */
export function sentOf(canaries: readonly Canary[], round: number): Canary[] {
  const kinds = Object.keys(forms).length
  return canaries.filter((_, index) => ((index % kinds) + Math.floor(index / kinds) + round) % formsApart === 0)
}

const formsApart = 4

/** Those of which the text holds the inner half or more, where the others have none of it. */
export function leaksIn(text: string, canaries: readonly Canary[]): string[] {
  return canaries.filter(({ form }) => text.includes(innerHalf(form))).map(({ name }) => name)
}

function innerHalf(form: string): string {
  return form.slice(Math.floor(form.length / 4), Math.ceil((form.length * 3) / 4))
}
