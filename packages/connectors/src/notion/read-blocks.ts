// A page's blocks with everything below them, as far as the limits go.

import type { NotionClient } from './notion-client.ts'
import type { NotionFailure } from './notion-failure.ts'
import type { NotionBlock } from './notion-shapes.ts'

export interface BlockTree {
  block: NotionBlock
  children: BlockTree[]
}

export interface BlockLimits {
  depth: number
  blocks: number
  /** Each block with children costs one request at least. */
  requests: number
}

export const blockLimits: BlockLimits = { depth: 8, blocks: 3_000, requests: 200 }

/** Other pages and databases are named where they are, and not read. */
const notEntered = new Set(['child_page', 'child_database'])

/** Breadth first, so that a limit cuts what lies deepest. `isCut`: not everything is there. */
export async function readBlocks(
  client: Pick<NotionClient, 'listChildren'>,
  pageId: string,
  signal: AbortSignal,
  limits: BlockLimits = blockLimits,
): Promise<{ ok: true; blocks: BlockTree[]; isCut: boolean } | NotionFailure> {
  const root: BlockTree[] = []
  const open: { id: string; into: BlockTree[]; depth: number }[] = [{ id: pageId, into: root, depth: 1 }]
  let [blocks, requests, isCut] = [0, 0, false]
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    let cursor: string | null = null
    do {
      if (requests === limits.requests || blocks >= limits.blocks) return { ok: true, blocks: root, isCut: true }
      requests += 1
      const listed = await client.listChildren(next.id, cursor, signal)
      // A part of the page that is shared with nobody is no reason to show nothing.
      if (!listed.ok && next.depth > 1 && (listed.problem === 'not-found' || listed.problem === 'forbidden')) {
        isCut = true
        break
      }
      if (!listed.ok) return listed
      for (const block of listed.value.results.slice(0, limits.blocks - blocks)) {
        const tree: BlockTree = { block, children: [] }
        next.into.push(tree)
        blocks += 1
        if (!block.has_children || notEntered.has(block.type)) continue
        if (next.depth < limits.depth) open.push({ id: syncedFrom(block) ?? block.id, into: tree.children, depth: next.depth + 1 })
        else isCut = true
      }
      cursor = listed.value.nextCursor
    } while (cursor !== null)
  }
  return { ok: true, blocks: root, isCut }
}

/** A copy of a synced block has its content at the original. */
function syncedFrom(block: NotionBlock): string | null {
  const { synced_from: from } = (block['synced_block'] ?? {}) as { synced_from?: { block_id?: string } | null }
  return from?.block_id ?? null
}
