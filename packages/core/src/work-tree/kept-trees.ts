// Which states of the work tree a session has been through, as its log tells.

import type { SessionEvent } from '../events.ts'

export interface KeptTree {
  checkpoint: string
  seq: number
  /** The call after which it was kept; null: none, it is what the agent began with. */
  callId: string | null
}

/** The newest first, each made from the next one: what a person rolled back is left out. */
export function keptTrees(events: readonly SessionEvent[]): KeptTree[] {
  const kept: KeptTree[] = []
  for (let index = events.length - 1; index >= 0; index--) {
    const tree = treeOf(events[index])
    if (tree === null) continue
    if (kept.at(-1)?.checkpoint !== tree.checkpoint) kept.push(tree)
    else kept[kept.length - 1] = tree
    if (events[index]?.body.type !== 'checkpoint-restored') continue
    const origin = events.findLastIndex((event, at) => at < index && treeOf(event)?.checkpoint === tree.checkpoint)
    if (origin >= 0) index = origin + 1
  }
  return kept
}

function treeOf(event: SessionEvent | undefined): KeptTree | null {
  if (event === undefined) return null
  const { body, seq } = event
  if (body.type === 'checkpoint-created') return { checkpoint: body.checkpoint, seq, callId: body.callId }
  if (body.type === 'checkpoint-restored') return { checkpoint: body.checkpoint, seq, callId: null }
  if (body.type === 'session-forked' && body.checkpoint !== null) return { checkpoint: body.checkpoint, seq, callId: null }
  return null
}
