// Google's Gemini API. Thought signatures come as metadata of the parts and go back with them.

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
}
