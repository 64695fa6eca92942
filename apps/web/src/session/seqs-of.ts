// Where events of some types stand in the log.

import type { EventBody } from '@slipway/core/events'
import type { MakeFold } from './folded-events.ts'

/** Folds the loaded events to the seqs of those of the given types, ascending. A new array when some were added. */
export function seqsOf(types: readonly EventBody['type'][]): MakeFold<readonly number[]> {
  const isSought: ReadonlySet<string> = new Set(types)
  return () => {
    const draft: number[] = []
    let seqs: readonly number[] = []
    return {
      push({ seq, body }) {
        if (isSought.has(body.type)) draft.push(seq)
      },
      read() {
        if (draft.length > seqs.length) seqs = [...draft]
        return seqs
      },
    }
  }
}
