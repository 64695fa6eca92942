// Which state of the work tree a moment of the session shows.

import { useMoment } from '../moment.ts'
import { seqsOf } from '../seqs-of.ts'
import { useFold } from '../session-hooks.ts'

/** Events after which the work tree may be another one. */
const makeTreeSeqs = seqsOf(['repository-prepared', 'sandbox-started', 'checkpoint-created', 'checkpoint-restored', 'session-forked'])

/** The event that the work tree of any moment is as of; the moment itself where the loaded events do not tell. */
export function useTreeMomentOf(): (at: 'now' | number) => 'now' | number {
  const seqs = useFold(makeTreeSeqs)
  return (at) => seqs.findLast((seq) => at === 'now' || seq <= at) ?? at
}

/** The work tree that the page shows; changes when a checkpoint arrives or another moment is chosen. */
export function useTreeMoment(): 'now' | number {
  return useTreeMomentOf()(useMoment().at)
}
