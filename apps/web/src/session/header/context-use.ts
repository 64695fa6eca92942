import { lookupModel } from '@slipway/core/pricing/price-book'
import type { SessionEvent } from '@slipway/core/events'

export interface ContextUse {
  tokens: number
  /** null: the model's window is not known. */
  limit: number | null
}

/** How much of the model's window the conversation fills, as the provider counted it last; null before the first answer. */
export function contextUse(events: readonly SessionEvent[], model: string): ContextUse | null {
  for (let at = events.length - 1; at >= 0; at--) {
    const body = events[at]!.body
    if (body.type === 'context-compacted') return { tokens: body.afterTokens, limit: windowOf(model) }
    // A helper has a small context of its own; the conversation's answers carry cached or long inputs.
    if (body.type === 'model-responded' && isMain(events, at, body.callId))
      return { tokens: body.usage.inputTokens + body.usage.outputTokens, limit: windowOf(model) }
  }
  return null
}

function isMain(events: readonly SessionEvent[], before: number, callId: string): boolean {
  for (let at = before - 1; at >= 0; at--) {
    const body = events[at]!.body
    if (body.type === 'model-requested' && body.callId === callId)
      return body.forCallId === null && (body.role === 'plan' || body.role === 'code')
  }
  return true
}

function windowOf(model: string): number | null {
  return lookupModel(model)?.contextWindow ?? null
}
