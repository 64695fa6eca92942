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
    // The client takes a stream that breaks off after a tool call for a complete answer.
    isLastLine: (line) => lastLine(line) !== null,
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

interface LastLine {
  done: true
  message?: { role?: unknown; content?: unknown; thinking?: unknown; tool_calls?: unknown }
}

/** The line that ends an answer; null for any other, also for a call whose arguments say `done`. */
function lastLine(line: string): LastLine | null {
  if (!/"done"\s*:\s*true/.test(line)) return null
  try {
    const value: unknown = JSON.parse(line)
    const isLast = typeof value === 'object' && value !== null && 'done' in value && value.done === true
    return isLast ? (value as LastLine) : null // `done` was just compared; the rest is read as unknown
  } catch {
    return null
  }
}

/** Ollama’s parsers hand out what they held back in the very last line; the client closes its parts before it reads that. */
function withContentBeforeEnd(line: string): string {
  const last = lastLine(line)
  const message = last?.message
  if (!last || !message || !(message.content || message.thinking || message.tool_calls)) return line
  const content = JSON.stringify({ ...last, done: false, done_reason: undefined })
  return `${content}\n${JSON.stringify({ ...last, message: { role: message.role, content: '' } })}`
}
