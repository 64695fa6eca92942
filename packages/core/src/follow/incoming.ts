// What the base has become on its way into a session's branch: wanted by a person, merged in the work tree, contained in a commit.

import type { EventOf, SessionEvent } from '../events.ts'
import type { InboxItem, SessionState, Work } from '../state.ts'
import type { Move } from '../moves/move.ts'

const shownConflicts = 50
const longestPath = 300

/** Fetches and merges what a person wants to have in; null: nothing is wanted, or a call is open. */
export function baseMove({ work, batch }: SessionState): Move | null {
  if (work.incoming?.step !== 'wanted' || batch.some((call) => !call.finished)) return null
  return { kind: 'take-in-base', base: work.incoming.base }
}

/** What to do is ours to say; names of files are the repository's. */
export function foldBase(state: SessionState, event: SessionEvent, body: EventOf<'base-taken-in'>): SessionState {
  const { base, baseOid: oid, checkpoint, conflicts } = body
  const note = { kind: 'note' as const, seq: event.seq, origin: 'base' }
  const files: InboxItem[] = conflicts.length === 0 ? [] : [{ ...note, trust: 'untrusted', text: listOf(conflicts) }]
  const inbox: InboxItem[] = [...state.inbox, { ...note, trust: 'trusted', text: noteOf(body) }, ...files]
  if (checkpoint === null) return { ...state, inbox, work: { ...state.work, incoming: null } }
  const incoming = { step: 'merged' as const, base, oid, trees: [checkpoint] }
  return { ...state, inbox, work: { ...state.work, incoming, hasUncommitted: true, hasChangedAnything: true } }
}

/** Every tree that is made of a merged one has the base in it. */
export function keepIncoming(work: Work, checkpoint: string): Work {
  const { incoming } = work
  if (incoming?.step !== 'merged' || incoming.trees.includes(checkpoint)) return work
  return { ...work, incoming: { ...incoming, trees: [...incoming.trees, checkpoint] } }
}

/** A work tree that was taken back to before the merge needs it again. */
export function restoreIncoming(work: Work, checkpoint: string): Work {
  const { incoming } = work
  if (incoming?.step !== 'merged' || incoming.trees.includes(checkpoint)) return work
  return { ...work, incoming: { step: 'wanted', base: incoming.base } }
}

export function dropWanted(work: Work): Work {
  return work.incoming?.step === 'wanted' ? { ...work, incoming: null } : work
}

function noteOf({ base, baseOid, checkpoint, conflicts }: EventOf<'base-taken-in'>): string {
  const short = baseOid.slice(0, 10)
  if (checkpoint === null)
    return `A person wants the branch brought up to date with ${base}. It contains ${base} (${short}) already: change nothing, and say so.`
  const begun = `A person wants the branch brought up to date with ${base}. The host has merged its newest commit ${short} into the work tree, as origin/${base}; the next commit gets it as its second parent.`
  const end = `Keep what ${base} has changed, do not rebase, and do not merge again. Then run the checks, commit and publish.`
  if (conflicts.length === 0) return `${begun} Nothing conflicts. ${end}`
  return `${begun} Files conflict; which ones follows as data. Read each, make it do what both sides meant, and take the marks (<<<<<<<, =======, >>>>>>>) out. ${end}`
}

function listOf(conflicts: string[]): string {
  const lines = conflicts.slice(0, shownConflicts).map((path) => `- ${path.slice(0, longestPath)}`)
  const left = conflicts.length - shownConflicts
  return [...lines, ...(left > 0 ? [`- and ${left} more: git diff --name-only --diff-filter=U`] : [])].join('\n')
}
