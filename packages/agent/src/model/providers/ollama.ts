// Ollama's own API; its OpenAI-compatible door cannot set the context length, and the default cuts long prompts off silently.

import type { Provider } from './provider.ts'

/** What `/api/show` said of the model. */
export interface OllamaFacts {
  contextTokens: number
  hasTools: boolean
  canThink: boolean
}

export function makeOllama(facts: OllamaFacts): Provider {
  return {
    dialect: { providerKey: 'ollama', cacheMarker: null, joinsSystem: true },
    async load({ modelId, access, fetch }) {
      const { createOllama } = await import('ollama-ai-provider-v2')
      const key = access.key?.reveal()
      return createOllama({ baseURL: access.baseUrl, fetch, headers: key === undefined ? {} : { authorization: `Bearer ${key}` } })(modelId)
    },
    callOptions(request) {
      return {
        providerOptions: {
          ollama: {
            think: facts.canThink && request.effort !== null,
            options: { num_ctx: facts.contextTokens, num_predict: request.maxOutputTokens },
          },
        },
        maxOutputTokens: request.maxOutputTokens,
      }
    },
    rewriteLine: withContentBeforeEnd,
    errorInLine(line) {
      if (!line.includes('"error"')) return null
      try {
        const error = (JSON.parse(line) as { error?: unknown } | null)?.error // checked below
        return typeof error === 'string' ? error : null
      } catch {
        return null
      }
    },
  }
}

/** Ollama’s parsers hand out what they held back in the very last line; the client closes its parts before it reads that. */
function withContentBeforeEnd(line: string): string {
  if (!line.includes('"done":true')) return line
  try {
    const last = JSON.parse(line) as { message?: { role?: unknown; content?: unknown; thinking?: unknown; tool_calls?: unknown } } // read as unknown below
    const { message } = last
    if (message === undefined || !(message.content || message.thinking || message.tool_calls)) return line
    const content = JSON.stringify({ ...last, done: false, done_reason: undefined })
    return `${content}\n${JSON.stringify({ ...last, message: { role: message.role, content: '' } })}`
  } catch {
    return line
  }
}
