// The files of a session at a moment. Trees and contents never change once they have an id, so what was read is kept a while.

import type { SessionEvent } from '@slipway/core/events'
import type { Sandboxes, Tree, TreeFile } from '@slipway/core/ports'
import { openTree } from '@slipway/git/open-tree'
import { SlipwayError } from '../errors/slipway-error.ts'
import { type Moment, placeOf, type TreePlace } from './moment.ts'

/** Larger files are named, not shown. */
export const MAX_FILE_BYTES = 2 * 1024 * 1024
const KEPT_TREES = 24
const KEPT_BYTES = 32 * 1024 * 1024

export interface SessionTree {
  /** The event that the files are as of; 0 before anything was fetched. */
  seq: number
  files: TreeFile[]
  /** Contents by object id; what is larger than MAX_FILE_BYTES is left out. */
  read(oids: string[]): Promise<Map<string, Uint8Array>>
}

export interface SessionTrees {
  /** `events` as `placeOf` takes them. Throws SlipwayError when this machine does not have those files. */
  at(events: readonly SessionEvent[], moment: Moment): Promise<SessionTree>
}

export function openSessionTrees(input: { home: string; sandboxes: Pick<Sandboxes, 'readCheckpoint'> }): SessionTrees {
  const trees = new Map<string, Promise<Tree | null>>()
  const contents = new Map<string, Uint8Array>()
  let keptBytes = 0

  function open(place: TreePlace): Promise<Tree | null> {
    const key = place.kind === 'commit' ? `${place.url} ${place.oid}` : `${place.backend} ${place.workspace} ${place.checkpoint}`
    const known = trees.get(key)
    const tree = known ?? (place.kind === 'commit' ? openTree({ ...place, home: input.home }) : input.sandboxes.readCheckpoint(place))
    trees.delete(key)
    trees.set(key, tree)
    if (trees.size > KEPT_TREES) trees.delete(trees.keys().next().value as string)
    // Only what was found is kept: a checkpoint may come to this machine later.
    void tree.then(
      (found) => found ?? trees.delete(key),
      () => trees.delete(key),
    )
    return tree
  }

  /** Object ids name contents wherever they come from, so trees share what was read. */
  async function read(tree: Tree, oids: string[]): Promise<Map<string, Uint8Array>> {
    const missing = oids.filter((oid) => !contents.has(oid))
    const fresh = missing.length === 0 ? new Map<string, Uint8Array>() : await tree.read({ oids: missing, maxBytes: MAX_FILE_BYTES })
    const found = new Map(oids.flatMap((oid) => keep(oid, contents.get(oid) ?? fresh.get(oid))))
    while (keptBytes > KEPT_BYTES) forgetOldest()
    return found
  }

  function keep(oid: string, bytes: Uint8Array | undefined): [string, Uint8Array][] {
    if (bytes === undefined) return []
    if (!contents.delete(oid)) keptBytes += bytes.length
    contents.set(oid, bytes)
    return [[oid, bytes]]
  }

  function forgetOldest(): void {
    const [oldest] = contents
    if (oldest === undefined) return
    contents.delete(oldest[0])
    keptBytes -= oldest[1].length
  }

  return {
    async at(events, moment) {
      const place = placeOf(events, moment)
      if (place === null) return { seq: 0, files: [], read: async () => new Map() }
      const tree = await open(place)
      if (tree === null)
        throw new SlipwayError(
          'not-found',
          'The files of this moment are not on this machine: another worker has them, or they were cleaned away. The change that was offered is under `diff`.',
        )
      return { seq: place.seq, files: tree.files, read: (oids) => read(tree, oids) }
    },
  }
}
