// The newest state of the work tree is lost, so the agent goes on from an earlier one. Everybody is told, the model first of all.

import type { AssistantPart, EventBody, SessionEvent } from '../events.ts'
import type { SessionState } from '../state.ts'
import { oneLine } from '../text/clean.ts'
import { type KeptTree, keptTrees } from './kept-trees.ts'

const origin = 'work tree'
const shownCalls = 40
const shownLength = 160

/** The facts of a work tree that is now that of `tree`: a checkpoint of this log, or a new one of the last commit's or the base's files. */
export function takenBackBodies(events: readonly SessionEvent[], tree: { checkpoint: string; treeHash: string }): EventBody[] {
  const kept = keptTrees(events)
  const place = kept.findIndex(({ checkpoint }) => checkpoint === tree.checkpoint)
  const commit = events.findLast(({ body }) => body.type === 'commit-offered')
  const lost = (place >= 0 ? kept.slice(0, place) : kept.filter(({ seq }) => seq > (commit?.seq ?? 0))).flatMap(callOf)
  const calls = describeCalls(events, lost)
  const where = placeOf(events, kept[place], commit !== undefined)
  return [
    {
      type: 'checkpoint-restored',
      ...tree,
      reason: `The newest state of the work tree is lost on this machine, as after a power loss or on a failing disk. It is now as it was ${where}; ${lost.length === 0 ? 'nothing that was done since had changed it' : `what ${lost.length === 1 ? '1 call' : `${lost.length} calls`} changed since is gone, and the agent was told`}.`,
    },
    {
      type: 'context-added',
      origin,
      trust: 'trusted',
      text: [
        `The machine lost the newest state of the work tree. The files are now as they were ${where}. Commits that were offered are safe.`,
        ...(lost.length === 0
          ? []
          : ['What these calls did to files is gone; do it again where it is still needed:', ...calls.toReversed()]),
        'Look at the files again before you go on.',
      ].join('\n'),
      ref: null,
    },
  ]
}

/** Whether the model still believes in files that are gone: what it asked for meanwhile must not be done. */
export function isTakenBackUntold(state: SessionState): boolean {
  return state.inbox.some((item) => item.kind === 'note' && item.origin === origin)
}

/** The outcome of a call that was asked for in that belief. */
export const takenBackOutput = 'Not done: the machine lost the newest state of the work tree, so the files are not what you think. Read on.'

function callOf({ callId }: KeptTree): string[] {
  return callId === null ? [] : [callId]
}

function placeOf(events: readonly SessionEvent[], tree: KeptTree | undefined, hasCommit: boolean): string {
  if (tree === undefined) return hasCommit ? 'in the last commit' : 'in the base commit'
  if (tree.callId === null) return 'when the agent began'
  return `after the call ${describeCalls(events, [tree.callId])[0]?.slice(2) ?? tree.callId}`
}

/** One line each, in the given order. */
function describeCalls(events: readonly SessionEvent[], callIds: readonly string[]): string[] {
  const calls = new Map(events.flatMap(({ body }) => (body.type === 'model-responded' ? body.content.flatMap(namedCall) : [])))
  const lines = callIds.slice(0, shownCalls).map((callId) => `- ${calls.get(callId) ?? callId}`)
  return callIds.length > shownCalls ? [...lines, `- and ${callIds.length - shownCalls} before these`] : lines
}

function namedCall(part: AssistantPart): [string, string][] {
  if (part.type !== 'tool-call') return []
  const { path, command } = part.input
  const what = typeof path === 'string' ? path : typeof command === 'string' ? command : JSON.stringify(part.input)
  return [[part.callId, oneLine(`${part.tool}: ${what}`, shownLength)]]
}
