// Directory listings and the size of the work tree.

import { type Located, locate, type Refused, refused } from './beneath.ts'
import { walk } from './walk.ts'

export interface Entry {
  path: string
  kind: 'file' | 'directory' | 'symlink' | 'special'
  bytes: number
}

/** Entries below `path`, in name order; ignored ones only when `all`. */
export function list(
  root: string,
  path: string,
  options: { depth: number; limit: number; all: boolean },
): { ok: true; entries: Entry[]; truncated: boolean } | Refused {
  const found = locate(root, path, { makeParents: false })
  if (!found.ok) return found
  try {
    if (found.fd === null || found.stat === null) return refused('missing', `${path} does not exist`)
    if (!found.stat.isDirectory()) return refused('special', `${path} is not a directory`)
    return collect(found, relative(root, path), options)
  } finally {
    found.close()
  }
}

function collect(
  found: Located,
  base: string,
  options: { depth: number; limit: number; all: boolean },
): { ok: true; entries: Entry[]; truncated: boolean } {
  const entries: Entry[] = []
  let truncated = false
  walk({
    directory: found.fd as number,
    path: base,
    depth: options.depth,
    all: options.all,
    visit: ({ path, kind, bytes }) => {
      if (entries.length >= options.limit) {
        truncated = true
        return false
      }
      entries.push({ path, kind, bytes })
      return true
    },
  })
  return { ok: true, entries, truncated }
}

/** Bytes of all files of the work tree. */
export function usage(root: string): { bytes: number; files: number } {
  const found = locate(root, '', { makeParents: false })
  if (!found.ok) return { bytes: 0, files: 0 }
  let bytes = 0
  let files = 0
  try {
    walk({
      directory: found.fd as number,
      path: '',
      depth: 64,
      all: true,
      visit: (entry) => {
        bytes += entry.bytes
        files += 1
        return true
      },
    })
  } finally {
    found.close()
  }
  return { bytes, files }
}

/** A path inside the work tree in its plain relative form. */
export function relative(root: string, path: string): string {
  const below = path.startsWith(root) ? path.slice(root.length) : path
  return below
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}
