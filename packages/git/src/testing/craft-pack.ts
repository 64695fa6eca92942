// Packs byte by byte, for tests of what reads them: lengths, bases and checksums are what the test says. See gitformat-pack(5).

import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'

const kinds = { commit: 1, tree: 2, blob: 3, tag: 4, reserved: 5, 'ofs-delta': 6, 'ref-delta': 7 }

export interface PackEntry {
  kind: keyof typeof kinds
  content: Uint8Array
  /** Length in the entry's header; the true one when left out. */
  claims?: number
  /** Object id of a `ref-delta`'s base, or how far back that of an `ofs-delta` lies. */
  base?: string | number
}

/** A pack of these entries; `count` is what its header claims. */
export function craftPack(entries: PackEntry[], options: { count?: number } = {}): Buffer {
  const header = Buffer.alloc(12)
  header.write('PACK')
  header.writeUInt32BE(2, 4)
  header.writeUInt32BE(options.count ?? entries.length, 8)
  const body = Buffer.concat([header, ...entries.map(encodeEntry)])
  return Buffer.concat([body, createHash('sha1').update(body).digest()])
}

/** A delta that builds `size` bytes out of copies of the first bytes of a base of `baseSize` bytes. */
export function craftDelta(input: { baseSize: number; size: number; claims?: number }): Buffer {
  // One instruction copies 0xffffff bytes at most.
  const most = Math.min(0xffffff, input.baseSize)
  const parts: Buffer[] = [deltaLength(input.baseSize), deltaLength(input.claims ?? input.size)]
  for (let left = input.size; left > 0; left -= most) {
    const bytes = Math.min(most, left)
    parts.push(Buffer.from([0x80 | 0x70, bytes & 0xff, (bytes >> 8) & 0xff, (bytes >> 16) & 0xff]))
  }
  return Buffer.concat(parts)
}

export function objectId(type: 'blob' | 'tree' | 'commit', content: Uint8Array): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex')
}

function encodeEntry({ kind, content, claims, base }: PackEntry): Buffer {
  const below = typeof base === 'string' ? Buffer.from(base, 'hex') : typeof base === 'number' ? offset(base) : Buffer.alloc(0)
  return Buffer.concat([entryHeader(kinds[kind], claims ?? content.length), below, deflateSync(content, { level: 9 })])
}

function entryHeader(kind: number, size: number): Buffer {
  const bytes = [(kind << 4) | (size % 16)]
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80
    bytes.push(rest % 128)
  }
  return Buffer.from(bytes)
}

function deltaLength(size: number): Buffer {
  const bytes: number[] = []
  let rest = size
  do {
    bytes.push((rest % 128) | (rest >= 128 ? 0x80 : 0))
    rest = Math.floor(rest / 128)
  } while (rest > 0)
  return Buffer.from(bytes)
}

function offset(distance: number): Buffer {
  const bytes = [distance % 128]
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1
    bytes.unshift(0x80 | (rest % 128))
  }
  return Buffer.from(bytes)
}
