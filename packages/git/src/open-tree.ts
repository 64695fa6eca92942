// A commit's files out of the host's mirror, for people who look at them.

import type { Tree, TreeFile } from '@slipway/core/ports'
import { requireObjectId } from './object-id.ts'
import { openMirror } from './open-quarantine.ts'
import { readObjects } from './read-objects.ts'
import { git } from './run-git.ts'

const MAX_LIST_BYTES = 64 * 1024 * 1024
/** Of one look at contents; the rest is left out. */
const MAX_READ_BYTES = 64 * 1024 * 1024

/** The tree of a commit; null when the mirror or the commit is not on this machine. */
export async function openTree(input: { home: string; url: string; oid: string }): Promise<Tree | null> {
  const gitDir = await openMirror(input.home, input.url).catch(() => null)
  if (gitDir === null) return null
  const args = ['ls-tree', '-r', '-z', '--full-tree', '-l', requireObjectId(input.oid)]
  const list = await git({ args, gitDir, maxOutputBytes: MAX_LIST_BYTES }).catch(() => null)
  if (list === null) return null
  const files = list.toString('utf8').split('\0').flatMap(parseEntry)
  const sizes = new Map(files.map((file) => [file.oid, file.bytes]))
  return {
    files,
    async read({ oids, maxBytes }) {
      let total = 0
      const wanted = [...new Set(oids)].filter((oid) => {
        const bytes = sizes.get(oid) ?? Infinity
        if (bytes > maxBytes || total + bytes > MAX_READ_BYTES) return false
        total += bytes
        return true
      })
      const found = new Map<string, Uint8Array>()
      await readObjects({ gitDir, oids: wanted, maxBytes }, ({ oid, content }) => {
        if (content !== null) found.set(oid, Uint8Array.from(content))
      })
      return found
    },
  }
}

/** `<mode> <type> <oid> <size>\t<path>`, see git-ls-tree(1). Links to other repositories are no files. */
function parseEntry(entry: string): TreeFile[] {
  const match = /^(\d{6}) blob ([0-9a-f]{40,64}) +(\d+)\t([^]+)$/.exec(entry)
  if (match === null) return []
  const [, mode = '', oid = '', bytes = '', path = ''] = match
  return [{ path, mode, oid, bytes: Number(bytes) }]
}
