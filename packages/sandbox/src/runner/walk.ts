// Walks the work tree without following links, in name order, honouring .gitignore files when asked.

import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { at, reopen } from './beneath.ts'
import { type IgnoreRule, isIgnored, parseIgnoreFile } from './ignore.ts'

const O_PATH = 0o10000000
const MAX_IGNORE_FILE = 64 * 1024

export interface Visit {
  path: string
  kind: 'file' | 'directory' | 'symlink' | 'special'
  bytes: number
  fd: number
}

/** Calls `visit` for each entry below the open directory; stops when it returns false. The descriptor is open during the call only. */
export function walk(input: { directory: number; path: string; depth: number; all: boolean; visit: (entry: Visit) => boolean }): void {
  descend({ ...input, rules: [] })
}

function descend(input: {
  directory: number
  path: string
  depth: number
  all: boolean
  rules: IgnoreRule[]
  visit: (entry: Visit) => boolean
}): boolean {
  const { directory, path, all, visit } = input
  const rules = all ? input.rules : [...input.rules, ...readRules(directory, path)]
  for (const name of sortedNames(directory)) {
    const below = path === '' ? name : `${path}/${name}`
    const fd = openQuietly(at(directory, name), O_PATH | constants.O_NOFOLLOW)
    if (fd === null) continue
    try {
      const stat = fstatSync(fd)
      if (!all && isIgnored(rules, below, stat.isDirectory())) continue
      const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'symlink' : 'special'
      if (!visit({ path: below, kind, bytes: kind === 'file' ? stat.size : 0, fd })) return false
      if (kind === 'directory' && input.depth > 1 && !descend({ directory: fd, path: below, depth: input.depth - 1, all, rules, visit }))
        return false
    } finally {
      closeSync(fd)
    }
  }
  return true
}

/** At most `maxBytes` of a regular file, from its start; null when it cannot be read. */
export function readStart(fd: number, maxBytes: number): Buffer | null {
  const open = openQuietly(reopen(fd), constants.O_RDONLY | constants.O_NONBLOCK)
  if (open === null) return null
  try {
    const buffer = Buffer.allocUnsafe(Math.min(maxBytes, fstatSync(open).size))
    let done = 0
    while (done < buffer.length) {
      const count = readSync(open, buffer, done, buffer.length - done, done)
      if (count === 0) break
      done += count
    }
    return buffer.subarray(0, done)
  } catch {
    return null
  } finally {
    closeSync(open)
  }
}

function readRules(directory: number, path: string): IgnoreRule[] {
  const fd = openQuietly(at(directory, '.gitignore'), O_PATH | constants.O_NOFOLLOW)
  if (fd === null) return []
  try {
    if (!fstatSync(fd).isFile()) return []
    return parseIgnoreFile(readStart(fd, MAX_IGNORE_FILE)?.toString('utf8') ?? '', path)
  } finally {
    closeSync(fd)
  }
}

function sortedNames(directory: number): string[] {
  try {
    return readdirSync(reopen(directory), { withFileTypes: true })
      .map((entry: Dirent) => entry.name)
      .sort()
  } catch {
    return []
  }
}

function openQuietly(path: string, flags: number): number | null {
  try {
    return openSync(path, flags)
  } catch {
    return null
  }
}
