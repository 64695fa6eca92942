// Keeps the prompt below its soft cap: prune old outputs in one batch, then summarise. Rarely, because each time the cache is lost.

import { chooseCut, KEEP_TOKENS } from '../context/choose-cut.ts'
import { choosePrune } from '../context/choose-prune.ts'
import { softCap } from '../context/soft-cap.ts'
import { estimateTokens } from '../context/tokens.ts'
import { explainFailure } from '../errors/explain-failure.ts'
import { itemTokens, promptTokens } from '../prompt/prompt-tokens.ts'
import type { SessionState } from '../state.ts'
import { parkBodies } from './guard-move.ts'
import { roleOf } from './model-move.ts'
import type { Move, Situation } from './move.ts'

const unknownWindow = { contextWindow: 128_000, maxOutputTokens: 8_000 }

/** Prunes or compacts when the next prompt would pass the soft cap, or when the provider said it did. */
export function contextMove(state: SessionState, situation: Situation): Move | null {
  const { model } = state.roles[roleOf(state)]
  const tokens = promptTokens(state, { prefixTokens: situation.prefixTokens, model })
  const hasOverflowed = state.retry?.kind === 'overflow' && !state.turn.hasCompactedForOverflow
  const description = situation.models.get(model)
  const cap = softCap({
    contextWindow: description?.contextWindow ?? unknownWindow.contextWindow,
    maxOutputTokens: description?.maxOutputTokens ?? unknownWindow.maxOutputTokens,
    tierTokens: description?.price?.tier?.aboveInputTokens ?? null,
  })
  if (tokens <= cap && !hasOverflowed) return null
  const prune = hasOverflowed ? null : choosePrune(outputsOf(state))
  if (prune) return { kind: 'record', bodies: [{ type: 'outputs-pruned', ...prune }] }
  const keepFromSeq = chooseCut(
    state.transcript.map(toCutItem),
    Math.min(KEEP_TOKENS, Math.floor(cap / 2), ...(hasOverflowed ? [Math.floor(tokens / 2)] : [])),
  )
  if (keepFromSeq !== null) return { kind: 'compact', keepFromSeq, beforeTokens: tokens }
  if (!hasOverflowed) return null
  return { kind: 'record', bodies: parkBodies(state, 'model', explainFailure('overflow', { model, message: state.retry?.message ?? '' })) }
}

function outputsOf(state: SessionState) {
  return state.transcript.flatMap((item) =>
    item.kind === 'results'
      ? item.results.map((result) => ({
          callId: result.callId,
          tokens: estimateTokens(result.output),
          isPruned: result.isPruned,
          isProtected: !result.ok,
        }))
      : [],
  )
}

function toCutItem(item: SessionState['transcript'][number]) {
  return { seq: item.seq, tokens: itemTokens(item), startsTurn: item.kind === 'user', breaksPair: item.kind === 'results' }
}
