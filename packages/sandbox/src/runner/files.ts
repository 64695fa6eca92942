// Reading and writing files of the work tree for the host.

import {
  close as closeFd,
  closeSync,
  constants,
  fchmodSync,
  linkSync,
  openSync,
  read as readFd,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { promisify } from 'node:util'
import { at, fromErrno, locate, type Refused, refused, reopen } from './beneath.ts'

const readAt = promisify(readFd)
const closeLater = promisify(closeFd)
/** A file is hashed whole so that a later write can say what it replaces; beyond this that takes too long. */
const HASH_LIMIT = 256 * 1024 * 1024
const CHUNK = 1024 * 1024
/** Loaded at first use: it makes Node start several milliseconds later. */
const crypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto')

export type Read = { ok: true; bytes: Uint8Array; totalBytes: number; sha: string } | Refused
export type Written = { ok: true; sha: string; created: boolean } | Refused

/** Part of a regular file with the size and SHA-256 of the whole. Never blocks on FIFOs or devices: they are refused. */
export async function readFile(root: string, path: string, options: { offset: number; maxBytes: number }): Promise<Read> {
  const found = locate(root, path, { makeParents: false })
  if (!found.ok) return found
  try {
    if (found.fd === null || found.stat === null) return refused('missing', `${path} does not exist`)
    if (found.stat.isDirectory()) return refused('directory', `${path} is a directory`)
    if (!found.stat.isFile()) return refused('special', `${path} is not a regular file`)
    if (found.stat.size > HASH_LIMIT) return refused('too-large', `${path} has ${found.stat.size} bytes; at most ${HASH_LIMIT} can be read`)
    const fd = openSync(reopen(found.fd), constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      return await readOpen(fd, options)
    } finally {
      await closeLater(fd)
    }
  } catch (error) {
    return fromErrno(error, path)
  } finally {
    found.close()
  }
}

async function readOpen(fd: number, options: { offset: number; maxBytes: number }): Promise<Read> {
  const hash = crypto().createHash('sha256')
  const kept: Buffer[] = []
  const end = options.offset + options.maxBytes
  let position = 0
  while (position < HASH_LIMIT) {
    const buffer = Buffer.allocUnsafe(CHUNK)
    const { bytesRead } = await readAt(fd, buffer, 0, CHUNK, position)
    if (bytesRead === 0) break
    const part = buffer.subarray(0, bytesRead)
    hash.update(part)
    const from = Math.max(0, options.offset - position)
    const to = Math.min(bytesRead, end - position)
    if (from < to) kept.push(part.subarray(from, to))
    position += bytesRead
  }
  return { ok: true, bytes: Buffer.concat(kept), totalBytes: position, sha: hash.digest('hex') }
}

/** Replaces or makes a file in one step. `expectedSha`: undefined writes anyway, null only a new file, else only over that content. */
export async function writeFile(root: string, path: string, bytes: Uint8Array, options: { expectedSha?: string | null }): Promise<Written> {
  if (options.expectedSha !== undefined && options.expectedSha !== null) {
    const current = await readFile(root, path, { offset: 0, maxBytes: 0 })
    if (!current.ok) return current.problem === 'missing' ? refused('changed', `${path} does not exist any more`) : current
    if (current.sha !== options.expectedSha) return refused('changed', `${path} changed since it was read`)
  }
  const found = locate(root, path, { makeParents: true })
  if (!found.ok) return found
  try {
    if (found.name === '.' || path.endsWith('/') || found.stat?.isDirectory()) return refused('directory', `${path} is a directory`)
    if (found.stat && !found.stat.isFile()) return refused('special', `${path} is not a regular file`)
    if (found.stat && options.expectedSha === null) return refused('changed', `${path} exists already`)
    return place({
      parent: found.parent,
      name: found.name,
      bytes,
      mode: found.stat ? found.stat.mode & 0o777 : null,
      isNew: options.expectedSha === null,
      path,
      existed: found.stat !== null,
    })
  } catch (error) {
    return fromErrno(error, path)
  } finally {
    found.close()
  }
}

function place(input: {
  parent: number
  name: string
  bytes: Uint8Array
  mode: number | null
  isNew: boolean
  path: string
  existed: boolean
}): Written {
  const temporary = at(input.parent, `.slipway-${crypto().randomBytes(8).toString('hex')}`)
  const fd = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o644)
  try {
    writeAll(fd, input.bytes)
    if (input.mode !== null) fchmodSync(fd, input.mode)
    if (input.isNew) linkSync(temporary, at(input.parent, input.name))
    else renameSync(temporary, at(input.parent, input.name))
    return { ok: true, sha: crypto().createHash('sha256').update(input.bytes).digest('hex'), created: !input.existed }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return refused('changed', `${input.path} exists already`)
    throw error
  } finally {
    closeSync(fd)
    try {
      unlinkSync(temporary)
    } catch {
      /* renamed into place */
    }
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done)
}
