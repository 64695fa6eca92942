// What the model has been shown, in the order it was shown. Only grows at its end, until it is compacted.

import type { ContextCompacted } from '../events.ts'
import type { InboxItem, SessionState, TranscriptItem } from '../state.ts'

/** Inbox items that the next model call shows: everything but queued messages, and those too once the agent rests. */
export function deliverable(state: SessionState): InboxItem[] {
  return isResting(state) ? state.inbox : state.inbox.filter((item) => item.kind === 'note' || item.mode === 'steer')
}

/** Moves the deliverable inbox items to the end of the transcript. */
export function deliverInbox(state: SessionState): Pick<SessionState, 'transcript' | 'inbox'> {
  const delivered = deliverable(state)
  if (delivered.length === 0) return { transcript: state.transcript, inbox: state.inbox }
  return {
    transcript: [...state.transcript, ...delivered.map(toTranscript)],
    inbox: state.inbox.filter((item) => !delivered.includes(item)),
  }
}

/** The agent has nothing under way: it has not begun, or its last answer asked for no tool. */
export function isResting(state: SessionState): boolean {
  if (state.batch.length > 0) return false
  const last = state.transcript.at(-1)
  if (!last) return true
  if (last.kind === 'results') return last.results.some((result) => result.tool === 'finish' && result.ok)
  return last.kind === 'assistant' && !last.content.some((part) => part.type === 'tool-call')
}

/** An inbox item as the model will read it. */
export function toTranscript(item: InboxItem): TranscriptItem {
  if (item.kind === 'user') return { kind: 'user', seq: item.seq, text: item.text }
  return item
}

/** Marks outputs as pruned; the prompt shows a short note in their place. */
export function pruneTranscript(transcript: TranscriptItem[], callIds: string[]): TranscriptItem[] {
  const pruned = new Set(callIds)
  return transcript.map((item) => {
    if (item.kind !== 'results' || !item.results.some((result) => pruned.has(result.callId))) return item
    return { ...item, results: item.results.map((result) => (pruned.has(result.callId) ? { ...result, isPruned: true } : result)) }
  })
}

/** Replaces everything before `keepFromSeq` by the summary. */
export function compactTranscript(transcript: TranscriptItem[], seq: number, body: ContextCompacted): TranscriptItem[] {
  return [{ kind: 'summary', seq, text: body.summary }, ...transcript.filter((item) => item.seq >= body.keepFromSeq)]
}
