// OpenAI's Responses API, without anything stored at OpenAI: reasoning travels encrypted in our own history.

import type { Provider } from './provider.ts'

export const openai: Provider = {
  dialect: { providerKey: 'openai', cacheMarker: null, joinsSystem: false },
  async load({ modelId, access, fetch }) {
    const { createOpenAI } = await import('@ai-sdk/openai')
    return createOpenAI({ apiKey: access.key?.reveal() ?? '', baseURL: access.baseUrl, fetch }).responses(modelId)
  },
  callOptions(request) {
    return {
      // The client asks for `reasoning.encrypted_content` by itself when nothing is stored and the model reasons.
      // Summaries are asked for only together with an effort: some accounts may not see them and get an error.
      providerOptions: {
        openai: { store: false, promptCacheKey: request.sessionId, ...(request.effort === null ? {} : { reasoningSummary: 'auto' }) },
      },
      ...(request.effort === null ? {} : { reasoning: request.effort }),
      maxOutputTokens: request.maxOutputTokens,
    }
  },
}
