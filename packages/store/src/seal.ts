// What may not be read in the database: each text is enciphered with a key of its own, which is wrapped with a key of the
// installation. Both say where they belong, so a value that was moved to another row or owner does not open there.

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/** Where a sealed value stands. It opens nowhere else. */
export interface SealPlace {
  owner: string
  table: string
  row: string
  column: string
}

export type Opened = { ok: true; text: string } | { ok: false; problem: SealProblem }

/** `unknown-key`: the installation's key that closed it is not there. `broken`: it was changed, or belongs elsewhere. */
export type SealProblem = 'unknown-key' | 'broken'

export interface Sealer {
  seal(text: string, place: SealPlace): Buffer
  open(sealed: Buffer, place: SealPlace): Opened
  /** The same value under the present key, or null: it is under that already, or does not open. */
  rewrap(sealed: Buffer, place: SealPlace): Buffer | null
}

const ALGORITHM = 'aes-256-gcm'
const VERSION = 1
const ID_BYTES = 8
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const BOX_OVERHEAD = NONCE_BYTES + TAG_BYTES
const HEAD_BYTES = 1 + ID_BYTES
const WRAPPED_BYTES = KEY_BYTES + BOX_OVERHEAD

interface RingKey {
  id: Buffer
  key: Buffer
}

/** `keys` are 32 random bytes each, the present one first; the others only open. */
export function openSealer(keys: readonly Buffer[]): Sealer {
  const ring = keys.map((key): RingKey => ({ id: idOf(key), key }))
  const [present] = ring
  if (present === undefined) throw new Error('A sealer needs a key.')
  const presentKey = present

  function wrap(dataKey: Buffer, place: SealPlace): Buffer {
    const head = Buffer.concat([Buffer.of(VERSION), presentKey.id])
    return Buffer.concat([head, close(presentKey.key, dataKey, bindingOf('key', place))])
  }

  function unwrap(
    sealed: Buffer,
    place: SealPlace,
  ): { ok: true; dataKey: Buffer; isPresent: boolean } | { ok: false; problem: SealProblem } {
    if (sealed.length < HEAD_BYTES + WRAPPED_BYTES + BOX_OVERHEAD || sealed[0] !== VERSION) return { ok: false, problem: 'broken' }
    const found = ring.find(({ id }) => id.equals(sealed.subarray(1, HEAD_BYTES)))
    if (found === undefined) return { ok: false, problem: 'unknown-key' }
    const dataKey = disclose(found.key, sealed.subarray(HEAD_BYTES, HEAD_BYTES + WRAPPED_BYTES), bindingOf('key', place))
    return dataKey === null ? { ok: false, problem: 'broken' } : { ok: true, dataKey, isPresent: found === presentKey }
  }

  return {
    seal(text, place) {
      const dataKey = randomBytes(KEY_BYTES)
      return Buffer.concat([wrap(dataKey, place), close(dataKey, Buffer.from(text), bindingOf('text', place))])
    },
    open(sealed, place) {
      const unwrapped = unwrap(sealed, place)
      if (!unwrapped.ok) return unwrapped
      const text = disclose(unwrapped.dataKey, sealed.subarray(HEAD_BYTES + WRAPPED_BYTES), bindingOf('text', place))
      return text === null ? { ok: false, problem: 'broken' } : { ok: true, text: text.toString('utf8') }
    },
    rewrap(sealed, place) {
      const unwrapped = unwrap(sealed, place)
      if (!unwrapped.ok || unwrapped.isPresent) return null
      return Buffer.concat([wrap(unwrapped.dataKey, place), sealed.subarray(HEAD_BYTES + WRAPPED_BYTES)])
    },
  }
}

/** Tells keys apart and says nothing about them. */
function idOf(key: Buffer): Buffer {
  if (key.length !== KEY_BYTES) throw new Error(`A sealing key has ${KEY_BYTES} bytes.`)
  return createHash('sha256').update('slipway sealing key').update(key).digest().subarray(0, ID_BYTES)
}

function bindingOf(part: 'key' | 'text', { owner, table, row, column }: SealPlace): Buffer {
  return Buffer.from(JSON.stringify([VERSION, part, owner, table, row, column]))
}

function close(key: Buffer, content: Buffer, binding: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(binding)
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()])
}

/** null: it was changed, or closed with another key or for another place. */
function disclose(key: Buffer, box: Buffer, binding: Buffer): Buffer | null {
  const decipher = createDecipheriv(ALGORITHM, key, box.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES }).setAAD(binding)
  decipher.setAuthTag(box.subarray(box.length - TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(box.subarray(NONCE_BYTES, box.length - TAG_BYTES)), decipher.final()])
  } catch {
    return null
  }
}
