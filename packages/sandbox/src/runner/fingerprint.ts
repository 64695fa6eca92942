// A cheap answer to "has anything changed?": a hash over what the kernel keeps of every entry of the work tree. The change time of
// an entry moves with every write and cannot be set by the one who writes.

import { createHash } from 'node:crypto'
import { type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs'

export interface Fingerprint {
  hash: string
  /** Change time of the entry that changed last, in milliseconds of the wall clock. */
  newestMs: number
}

/** null: more than `maxEntries`, or the tree moved under the walk. Directories named in `skip` are left out, git's own as well. */
export function fingerprint(root: string, options: { skip: readonly string[]; maxEntries: number }): Fingerprint | null {
  const skipped = new Set(options.skip)
  const hash = createHash('sha1')
  let newestMs = 0
  let entries = 0

  const add = (path: string, stat: Stats): void => {
    newestMs = Math.max(newestMs, stat.ctimeMs)
    hash.update(`${path}\0${stat.ino} ${stat.mode} ${stat.size} ${stat.ctimeMs}\n`)
  }

  const descend = (path: string): boolean => {
    for (const entry of names(`${root}/${path}`)) {
      entries += 1
      if (entries > options.maxEntries) return false
      const below = path === '' ? entry.name : `${path}/${entry.name}`
      if (!entry.isDirectory()) add(below, lstatSync(`${root}/${below}`))
      else if (entry.name === '.git') addIndex(below)
      else {
        hash.update(`${below}/\n`)
        if (!skipped.has(below) && !descend(below)) return false
      }
    }
    return true
  }

  /** What the repository tracks decides what a checkpoint holds; the rest of its directory does not. */
  const addIndex = (path: string): void => {
    const stat = lstatSync(`${root}/${path}/index`, { throwIfNoEntry: false })
    if (stat) add(`${path}/index`, stat)
    else hash.update(`${path}/\n`)
  }

  try {
    return descend('') ? { hash: hash.digest('hex'), newestMs } : null
  } catch {
    return null
  }
}

function names(directory: string): Dirent[] {
  return readdirSync(directory, { withFileTypes: true })
}
