// What Ollama says of its models: which are installed, what they can do, how much context they take.

import { z } from 'zod'
import { askProvider } from './ask-provider.ts'
import type { OllamaFacts } from './providers/ollama.ts'
import type { ModelSettings } from './settings.ts'

const show = z.object({
  capabilities: z.array(z.string()).optional(),
  model_info: z.record(z.string(), z.unknown()).optional(),
  /** Lines of the model file, such as `num_ctx 16384`. */
  parameters: z.string().optional(),
})
const tags = z.object({ models: z.array(z.object({ name: z.string() })) })

const SHOW_TIMEOUT_MS = 10_000

export type OllamaAnswer =
  | { ok: true; facts: OllamaFacts }
  | { ok: false; problem: 'unreachable' | 'unknown-model' | 'refused'; message: string }

/** Asks `/api/show`. The context is the model's own, bounded by the setting, because memory is claimed for all of it. */
export async function askOllama(settings: ModelSettings, modelId: string, timeoutMs = SHOW_TIMEOUT_MS): Promise<OllamaAnswer> {
  const reply = await askProvider({
    url: `${settings.ollama.baseUrl}/show`,
    headers: ollamaHeaders(settings),
    timeoutMs,
    body: { model: modelId },
  })
  const where = settings.ollama.baseUrl.replace(/\/api$/, '')
  if (!reply.ok)
    return {
      ok: false,
      problem: 'unreachable',
      message: `Ollama does not answer at ${where} (${reply.message}). Start it with \`ollama serve\`, or set OLLAMA_BASE_URL.`,
    }
  if (reply.status === 404)
    return {
      ok: false,
      problem: 'unknown-model',
      message: `Ollama at ${where} does not have the model “${modelId}”. Get it with \`ollama pull ${modelId}\`.`,
    }
  const parsed = show.safeParse(reply.json)
  if (reply.status !== 200 || !parsed.success)
    return {
      ok: false,
      problem: 'refused',
      message: `Ollama at ${where} answered with status ${reply.status} when asked about “${modelId}”.`,
    }
  return { ok: true, facts: toFacts(parsed.data, settings.ollama.contextTokens) }
}

/** Names of the installed models, or null when Ollama does not answer within the time. */
export async function listOllamaModels(settings: ModelSettings, timeoutMs: number): Promise<string[] | null> {
  const reply = await askProvider({ url: `${settings.ollama.baseUrl}/tags`, headers: ollamaHeaders(settings), timeoutMs })
  const parsed = reply.ok && reply.status === 200 ? tags.safeParse(reply.json) : null
  return parsed?.success ? parsed.data.models.map((model) => model.name) : null
}

function ollamaHeaders(settings: ModelSettings): Record<string, string> {
  return settings.ollama.key === null ? {} : { authorization: `Bearer ${settings.ollama.key.reveal()}` }
}

function toFacts(answer: z.infer<typeof show>, limit: number): OllamaFacts {
  const trained = Object.entries(answer.model_info ?? {}).find(([name]) => name.endsWith('.context_length'))?.[1]
  const chosen = /^\s*num_ctx\s+(\d+)/m.exec(answer.parameters ?? '')?.[1]
  const can = answer.capabilities ?? []
  return {
    contextTokens: chosen === undefined ? Math.min(typeof trained === 'number' ? trained : limit, limit) : Number(chosen),
    hasTools: can.includes('tools'),
    canThink: can.includes('thinking'),
  }
}
