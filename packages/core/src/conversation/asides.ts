// What the model is told with its next call and is no reason to make one.

import { autonomyNote } from './autonomy.ts'
import { isRemark } from '../follow/following.ts'
import type { InboxItem } from '../state.ts'
import { restartNote, setupNote } from './sandbox-notes.ts'

const asides: ReadonlySet<string> = new Set([setupNote, restartNote, autonomyNote])

/** Whether an item is for the model to know but not for it to answer. */
export function isAside(item: InboxItem): boolean {
  return item.kind === 'note' && (asides.has(item.origin) || isRemark(item))
}
