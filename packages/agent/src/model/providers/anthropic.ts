// Anthropic's Messages API: cache markers, signed thinking, effort.

import type { ModelRequest } from '@slipway/core/ports'
import type { Provider, ProviderCall } from './provider.ts'

/** Thinks on its own and takes an effort; every newer Claude model does. */
const NEVER_THINKS = /claude-(instant|v?2\b|3-haiku|3-opus|3-sonnet|3-5)/
/** Takes a budget of thinking tokens instead of an effort. */
const TAKES_BUDGET = /claude-(3-7-sonnet|haiku-4-5|(sonnet|opus)-4(-[015]\b|-\d{8}|@|$))/

/** Part of the output limit that thinking may use, so that the reserved worst case stays true. */
const BUDGET_SHARE = { low: 0.15, medium: 0.35, high: 0.6 }
/** Below this the API refuses a budget. */
const MIN_BUDGET_TOKENS = 1024

export const anthropic: Provider = {
  dialect: { providerKey: 'anthropic', cacheMarker: { anthropic: { cacheControl: { type: 'ephemeral' } } }, joinsSystem: false },
  async load({ modelId, access, fetch }) {
    const { createAnthropic } = await import('@ai-sdk/anthropic')
    return createAnthropic({ apiKey: access.key?.reveal() ?? '', baseURL: access.baseUrl, fetch })(modelId)
  },
  callOptions(request, modelId): ProviderCall {
    const plain: ProviderCall = { providerOptions: {}, maxOutputTokens: request.maxOutputTokens }
    if (request.effort === null || !modelId.includes('claude-') || NEVER_THINKS.test(modelId)) return plain
    if (!TAKES_BUDGET.test(modelId)) return { ...plain, reasoning: request.effort }
    const budgetTokens = Math.floor(request.maxOutputTokens * BUDGET_SHARE[request.effort])
    if (budgetTokens < MIN_BUDGET_TOKENS || !mayThink(request)) return plain
    // The client adds the budget to the limit it is given.
    return {
      providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens } } },
      maxOutputTokens: request.maxOutputTokens - budgetTokens,
    }
  },
}

/** With a budget, the API refuses a history whose last tool calls were made without thinking, as after a change of provider. */
function mayThink(request: ModelRequest): boolean {
  const last = request.messages.findLast((message) => message.role === 'assistant')
  if (last === undefined || request.messages.at(-1)?.role !== 'tool') return true
  return last.content.some((part) => part.type === 'reasoning' && part.provider?.['anthropic'] !== undefined)
}
