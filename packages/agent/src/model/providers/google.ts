// Google's Gemini API. Thought signatures come as metadata of the parts and go back with them.

import type { Usage } from '@slipway/core/events'
import { eventData } from './event-data.ts'
import type { Provider } from './provider.ts'

const KNOWS_EFFORT = /gemini-(2\.5|[3-9]|\d{2})/

export const google: Provider = {
  dialect: { providerKey: 'google', cacheMarker: null, joinsSystem: false },
  async load({ modelId, access, fetch }) {
    const { createGoogleGenerativeAI } = await import('@ai-sdk/google')
    return createGoogleGenerativeAI({ apiKey: access.key?.reveal() ?? '', baseURL: access.baseUrl, fetch })(modelId)
  },
  callOptions(request, modelId) {
    if (request.effort === null || !KNOWS_EFFORT.test(modelId)) return { providerOptions: {}, maxOutputTokens: request.maxOutputTokens }
    return {
      providerOptions: { google: { thinkingConfig: { includeThoughts: true } } },
      reasoning: request.effort,
      maxOutputTokens: request.maxOutputTokens,
    }
  },
  // Every piece says what the call has used so far.
  usageInStream: { marker: '"promptTokenCount"', read: (line) => toUsage(eventData(line)?.['usageMetadata']) },
}

type Counts = Partial<
  Record<'promptTokenCount' | 'toolUsePromptTokenCount' | 'cachedContentTokenCount' | 'candidatesTokenCount' | 'thoughtsTokenCount', number>
>

function toUsage(metadata: unknown): Usage | null {
  if (typeof metadata !== 'object' || metadata === null) return null
  const counts: Counts = metadata
  const reasoningTokens = counts.thoughtsTokenCount ?? 0
  return {
    inputTokens: (counts.promptTokenCount ?? 0) + (counts.toolUsePromptTokenCount ?? 0),
    cacheReadTokens: counts.cachedContentTokenCount ?? 0,
    cacheWriteTokens: 0,
    outputTokens: (counts.candidatesTokenCount ?? 0) + reasoningTokens,
    reasoningTokens,
  }
}
