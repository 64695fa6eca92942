// Any server that speaks Chat Completions: vLLM, llama.cpp, LM Studio, OpenRouter, DeepSeek, a company's gateway …

import type { Usage } from '@slipway/core/events'
import { eventData } from './event-data.ts'
import type { Provider } from './provider.ts'

/** Servers refuse or ignore `reasoning_effort` for other models. */
const KNOWS_EFFORT = /(^|\/)(gpt-oss|gpt-[5-9]|o[1-9](-|$)|grok-[3-9])/
/** The client takes the key of its own metadata from this name; camel case keeps it from warning. */
const NAME = 'openaiCompatible'

export const openaiCompatible: Provider = {
  // Chat templates of many open models accept one system message, at the start.
  dialect: { providerKey: NAME, cacheMarker: null, joinsSystem: true },
  async load({ modelId, access, fetch }) {
    const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
    const key = access.key?.reveal()
    return createOpenAICompatible({
      name: NAME,
      baseURL: access.baseUrl,
      fetch,
      includeUsage: true,
      convertUsage,
      ...(key === undefined ? {} : { apiKey: key }),
    }).chatModel(modelId)
  },
  callOptions(request, modelId) {
    const effort = KNOWS_EFFORT.test(modelId) ? request.effort : null
    return { providerOptions: {}, ...(effort === null ? {} : { reasoning: effort }), maxOutputTokens: request.maxOutputTokens }
  },
  // Some servers report with every piece, others only with the last one.
  usageInStream: { marker: '"prompt_tokens"', read: (line) => toUsage(eventData(line)?.['usage']) },
}

function toUsage(reported: unknown): Usage | null {
  if (typeof reported !== 'object' || reported === null) return null
  const { inputTokens, outputTokens } = convertUsage(reported)
  return {
    inputTokens: inputTokens.total ?? 0,
    cacheReadTokens: inputTokens.cacheRead,
    cacheWriteTokens: 0,
    outputTokens: outputTokens.total ?? 0,
    reasoningTokens: outputTokens.reasoning,
  }
}

interface WireUsage {
  prompt_tokens?: number | null | undefined
  completion_tokens?: number | null | undefined
  total_tokens?: number | null | undefined
  prompt_tokens_details?: { cached_tokens?: number | null | undefined } | null | undefined
  completion_tokens_details?: { reasoning_tokens?: number | null | undefined } | null | undefined
  /** DeepSeek's name for cached tokens. */
  prompt_cache_hit_tokens?: unknown
}

/** As the client's own, plus DeepSeek's cache count and xAI's way of counting; a server that reports nothing stays unknown instead of zero. */
function convertUsage(usage: WireUsage | null | undefined) {
  const input = usage?.prompt_tokens ?? undefined
  const deepSeek = typeof usage?.prompt_cache_hit_tokens === 'number' ? usage.prompt_cache_hit_tokens : 0
  const cacheRead = usage?.prompt_tokens_details?.cached_tokens ?? deepSeek
  const reasoning = usage?.completion_tokens_details?.reasoning_tokens ?? 0
  const completion = usage?.completion_tokens ?? undefined
  // xAI leaves reasoning out of the completion, but bills it: only the total shows it.
  const isApart = completion !== undefined && usage?.total_tokens === (input ?? 0) + completion + reasoning
  const output = completion !== undefined && isApart ? completion + reasoning : completion
  return {
    inputTokens: { total: input, noCache: input === undefined ? undefined : input - cacheRead, cacheRead, cacheWrite: undefined },
    outputTokens: { total: output, text: output === undefined ? undefined : Math.max(0, output - reasoning), reasoning },
  }
}
