// Replaces the older part of the conversation by a summary. Never gets stuck: without a summary from a model it writes a plain one.

import type { EventBody } from '@slipway/core/events'
import type { Move } from '@slipway/core/moves/move'
import { itemTokens, promptTokens } from '@slipway/core/prompt/prompt-tokens'
import { plainSummary, renderForSummary, summaryInstructions } from '@slipway/core/prompt/summary'
import type { DriveContext } from '../drive-context.ts'
import { sideCall } from './side-call.ts'

const summaryTokens = 4_000

/** Appends `context-compacted`. */
export async function compact(context: DriveContext, move: Extract<Move, { kind: 'compact' }>): Promise<void> {
  const { session } = context
  const state = session.state()
  const old = state.transcript.filter((item) => item.seq < move.keepFromSeq)
  context.progress('compaction', 'summarising the work so far', 120_000)
  const answer = await context.effect((signal) =>
    sideCall(
      context,
      {
        role: 'summarise',
        forCallId: `compact-${move.keepFromSeq}`,
        system: [{ text: summaryInstructions, cache: false }],
        messages: [{ role: 'user', text: renderForSummary(old), cache: false }],
        tools: [],
        maxOutputTokens: summaryTokens,
        ordinal: 0,
      },
      signal,
    ),
  )
  if (session.state().stop || context.signal.aborted) return
  const written = answer.ok
    ? answer.content
        .map((part) => (part.type === 'text' ? part.text : ''))
        .join('')
        .trim()
    : ''
  const summary = `${written === '' ? '' : `${written}\n\n`}${plainSummary(state)}`
  const kept = state.transcript.filter((item) => item.seq >= move.keepFromSeq).reduce((sum, item) => sum + itemTokens(item), 0)
  const afterTokens = Math.min(
    promptTokens(state, { prefixTokens: 0, model: state.roles.code.model }),
    kept + itemTokens({ kind: 'summary', seq: 0, text: summary }),
  )
  const body: EventBody = {
    type: 'context-compacted',
    summary,
    keepFromSeq: move.keepFromSeq,
    beforeTokens: move.beforeTokens,
    afterTokens,
  }
  await session.record([body])
}
