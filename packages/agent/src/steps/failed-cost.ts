// What a call that failed has cost, as far as anybody knows. Unknown parts are taken high: a budget is not to be overrun by failures.

import type { ModelResult } from '@slipway/core/ports'
import { costMicros } from '@slipway/core/pricing/cost'
import type { ModelPrice } from '@slipway/core/pricing/price'

const CHARS_PER_TOKEN = 3

interface FailedCall {
  result: Extract<ModelResult, { ok: false }>
  price: ModelPrice | null
  reservedMicros: number
  /** Estimated size of the prompt that was sent. */
  promptTokens: number
}

/**
 * As reported where the provider reported, with at least the answer that arrived as output: a provider that is cut off says nothing of it.
 * Without a report, an answer that had begun costs its estimated prompt and text; an aborted call may have cost its whole reservation; else nothing.
 */
export function failedCost({ result, price, reservedMicros, promptTokens }: FailedCall): number {
  if (price === null) return 0
  const { usage, failure } = result
  const arrivedTokens = Math.ceil((result.arrivedChars ?? 0) / CHARS_PER_TOKEN)
  if (usage) return costMicros(price, { ...usage, outputTokens: Math.max(usage.outputTokens, arrivedTokens) })
  if (arrivedTokens > 0)
    return costMicros(price, {
      inputTokens: promptTokens,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: arrivedTokens,
      reasoningTokens: 0,
    })
  return failure.cause === 'aborted' ? reservedMicros : 0
}
