// Opens paths below the work tree one component at a time without following links, so that no race can lead outside.
// /proc/self/fd/<directory>/<name> stands in for openat(2), which Node does not have.

import { closeSync, constants, fstatSync, mkdirSync, openSync, readlinkSync, type Stats } from 'node:fs'

const O_PATH = 0o10000000
const MAX_LINKS = 40

export type Problem = 'missing' | 'directory' | 'special' | 'outside' | 'too-large' | 'changed' | 'denied'

export interface Located {
  ok: true
  /** Open directory that holds `name`; stays usable until `close`. */
  parent: number
  name: string
  /** Path-only descriptor of what is there, null when nothing is. */
  fd: number | null
  stat: Stats | null
  close(): void
}

export type Refused = { ok: false; problem: Problem; message: string }

export function refused(problem: Problem, message: string): Refused {
  return { ok: false, problem, message }
}

/** Path of `name` in an open directory. */
export function at(directory: number, name: string): string {
  return `/proc/self/fd/${directory}/${name}`
}

/** Path that reopens what a descriptor points at. */
export function reopen(fd: number): string {
  return `/proc/self/fd/${fd}`
}

/** Finds `path` below `root`; links are followed while they stay inside. Missing parents are made when asked. */
export function locate(root: string, path: string, options: { makeParents: boolean }): Located | Refused {
  const start = inside(root, path)
  if (start === null) return refused('outside', `${path} is outside the work tree`)
  const stack = [openSync(root, O_PATH | constants.O_DIRECTORY)]
  const top = (): number => stack[stack.length - 1] as number
  const close = (): void => {
    for (const fd of stack.splice(0)) closeSync(fd)
  }
  const fail = (problem: Problem, message: string): Refused => {
    close()
    return refused(problem, message)
  }
  const pending = start.split('/')
  let links = 0
  try {
    while (pending.length > 0) {
      const name = pending.shift() as string
      if (name === '' || name === '.') continue
      if (name === '..') {
        if (stack.length === 1) return fail('outside', `${path} leaves the work tree`)
        closeSync(stack.pop() as number)
        continue
      }
      const isLast = pending.every((part) => part === '' || part === '.')
      const fd = openName(top(), name)
      if (fd === null) {
        if (isLast) return { ok: true, parent: top(), name, fd: null, stat: null, close }
        if (!options.makeParents) return fail('missing', `${path} does not exist`)
        mkdirSync(at(top(), name))
        stack.push(openSync(at(top(), name), O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW))
        continue
      }
      const stat = fstatSync(fd)
      if (stat.isSymbolicLink()) {
        closeSync(fd)
        links += 1
        if (links > MAX_LINKS) return fail('special', `${path} has too many symbolic links`)
        const target = readlinkSync(at(top(), name))
        const rest = target.startsWith('/') ? inside(root, target) : target
        if (rest === null) return fail('outside', `${path} is a link out of the work tree`)
        if (target.startsWith('/')) for (const open of stack.splice(1)) closeSync(open)
        pending.unshift(...rest.split('/'))
        continue
      }
      if (isLast) {
        const parent = top()
        stack.push(fd)
        return { ok: true, parent, name, fd, stat, close }
      }
      if (!stat.isDirectory()) {
        closeSync(fd)
        return fail('missing', `${path} does not exist: ${name} is not a directory`)
      }
      stack.push(fd)
    }
    return { ok: true, parent: top(), name: '.', fd: top(), stat: fstatSync(top()), close }
  } catch (error) {
    close()
    return fromErrno(error, path)
  }
}

/** Turns a system error into a refusal; anything else is a bug and is thrown on. */
export function fromErrno(error: unknown, path: string): Refused {
  const code = (error as NodeJS.ErrnoException).code
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return refused('missing', `${path} does not exist`)
    case 'EISDIR':
      return refused('directory', `${path} is a directory`)
    case 'ELOOP':
    case 'ENXIO':
      return refused('special', `${path} is not a regular file`)
    case 'ENOSPC':
    case 'EDQUOT':
      return refused('denied', `${path}: the sandbox's disk is full`)
    case 'ENAMETOOLONG':
      return refused('denied', `${path.slice(0, 100)}…: the name is too long for the file system`)
    case 'EACCES':
    case 'EPERM':
      return refused('denied', `${path}: the sandbox's user has no permission for it`)
    case 'EROFS':
      return refused('denied', `${path} lies on a file system that cannot be written`)
    case 'EFBIG':
      return refused('too-large', `${path} would be larger than the sandbox allows`)
    case 'EMFILE':
    case 'EBUSY':
    case 'EIO':
      return refused('denied', `${path} could not be opened (${code}); try again, or look with bash`)
    default:
      throw error
  }
}

function openName(directory: number, name: string): number | null {
  try {
    return openSync(at(directory, name), O_PATH | constants.O_NOFOLLOW)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function inside(root: string, path: string): string | null {
  if (path.includes('\0')) return null
  if (!path.startsWith('/')) return path
  if (path === root) return ''
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : null
}
