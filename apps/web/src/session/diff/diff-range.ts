// Between which two states of the work tree a diff is.

import type { SessionEvent } from '@slipway/core/events'
import { formatClock } from '../../format/date.ts'
import type { TreeAt } from '../files/use-work-tree.ts'

export type Scope = 'all' | 'turn' | 'between'

export interface Range {
  from: TreeAt
  to: TreeAt
}

export interface Mark {
  value: TreeAt
  name: string
}

/** The range of a scope at a moment; `chosen` counts for `between` only. */
export function rangeOf(events: readonly SessionEvent[], scope: Scope, at: 'now' | number, chosen: Range): Range {
  switch (scope) {
    case 'all':
      return { from: 'base', to: at }
    case 'turn':
      return { from: turnStart(events, at), to: at }
    case 'between':
      return chosen
  }
}

/** The work tree as the last message before the moment found it. */
export function turnStart(events: readonly SessionEvent[], at: 'now' | number): TreeAt {
  const upTo = at === 'now' ? Infinity : at
  // The messages that a turn was begun with: those that came while the agent rested.
  let isResting = true
  let start = 0
  let lastTree = 0
  let treeAtStart = 0
  for (const { seq, body } of events) {
    if (seq > upTo) break
    if (body.type === 'checkpoint-created' || body.type === 'checkpoint-restored') lastTree = seq
    if (body.type === 'session-finished' || body.type === 'stop-requested') isResting = true
    if (body.type === 'user-message' && isResting) {
      isResting = false
      start = seq
      treeAtStart = lastTree
    } else if (body.type === 'session-created') isResting = false
  }
  return start === 0 || treeAtStart === 0 ? 'base' : treeAtStart
}

/** What a diff can begin and end with: the base, checkpoints at which the tree changed, offered commits, and now. */
export function marksOf(events: readonly SessionEvent[]): Mark[] {
  const tools = new Map<string, string>()
  const marks: Mark[] = [{ value: 'base', name: 'Base of the branch' }]
  let treeHash: string | null = null
  for (const { seq, at, body } of events) {
    if (body.type === 'model-responded')
      for (const part of body.content) if (part.type === 'tool-call') tools.set(part.callId, subjectOf(part.input) || part.tool)
    if (body.type === 'commit-offered')
      marks.push({ value: seq, name: `${formatClock(at)}  commit ${body.oid.slice(0, 7)}: ${body.subject}` })
    if (body.type === 'checkpoint-restored') marks.push({ value: seq, name: `${formatClock(at)}  after rolling back` })
    if (body.type !== 'checkpoint-created' || body.treeHash === treeHash) continue
    const isFirst = treeHash === null
    treeHash = body.treeHash
    const after = body.callId === null ? null : tools.get(body.callId)
    if (!isFirst || after) marks.push({ value: seq, name: `${formatClock(at)}  after ${after || `event ${seq}`}` })
  }
  return [...marks, { value: 'now', name: 'Now' }]
}

function subjectOf(input: Record<string, unknown>): string {
  const what = input['path'] ?? input['command']
  return typeof what === 'string' ? what.replace(/\s+/g, ' ').slice(0, 60) : ''
}
