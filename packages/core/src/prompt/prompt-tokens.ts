// How large the next prompt is: what the provider measured last, plus an estimate of what came after.

import { tokenDensity } from '../context/token-density.ts'
import { estimateTokens } from '../context/tokens.ts'
import { deliverable, toTranscript } from '../conversation/transcript.ts'
import type { SessionState, TranscriptItem } from '../state.ts'

const prunedTokens = 20

/** Tokens of the next prompt, slightly overestimated for `model`. `prefixTokens` are those of the tools and static instructions. */
export function promptTokens(state: SessionState, { prefixTokens, model }: { prefixTokens: number; model: string }): number {
  const waiting = sum(deliverable(state).map(toTranscript))
  const inModelsTokens = (estimated: number): number => Math.ceil(estimated * tokenDensity(model))
  if (state.measured) return state.measured.tokens + inModelsTokens(sum(state.transcript.slice(state.measured.transcriptLength)) + waiting)
  const instructions = state.instructions?.sections.reduce((total, section) => total + estimateTokens(section.text), 0) ?? 0
  return inModelsTokens(prefixTokens + instructions + sum(state.transcript) + waiting)
}

/** Estimated tokens of one transcript item as it stands in the prompt. */
export function itemTokens(item: TranscriptItem): number {
  switch (item.kind) {
    case 'user':
    case 'note':
    case 'summary':
      return estimateTokens(item.text) + 4
    case 'assistant':
      return item.content.reduce(
        (total, part) => total + estimateTokens(part.type === 'tool-call' ? part.tool + JSON.stringify(part.input) : part.text) + 4,
        0,
      )
    case 'results':
      return item.results.reduce((total, result) => total + (result.isPruned ? prunedTokens : estimateTokens(result.output)) + 8, 0)
  }
}

function sum(items: TranscriptItem[]): number {
  return items.reduce((total, item) => total + itemTokens(item), 0)
}
