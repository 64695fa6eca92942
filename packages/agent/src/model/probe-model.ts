// Asks a provider whether it would answer, without spending anything. For `doctor`.

import { makeRedactor } from '@slipway/core/text/redact'
import { accessOf, allKeys, keyVariable, missingKey } from './access.ts'
import { askProvider } from './ask-provider.ts'
import { parseModelName } from './model-name.ts'
import { askOllama } from './ollama-facts.ts'
import { loadScript } from './scripted/load-script.ts'
import type { ModelSettings, ProviderName } from './settings.ts'

export type ProbeProblem =
  | 'unknown-provider'
  | 'missing-key'
  | 'bad-key'
  | 'unknown-model'
  | 'unreachable'
  | 'refused'
  | 'no-tools'
  | 'bad-script'
export type Probe = { ok: true; message: string } | { ok: false; problem: ProbeProblem; message: string }

const PROBE_TIMEOUT_MS = 10_000

/** Names the cause and what to do. A listing that a server does not offer counts as reachable. */
export async function probeModel(settings: ModelSettings, model: string): Promise<Probe> {
  const name = parseModelName(model)
  if (!name.ok) return { ok: false, problem: 'unknown-provider', message: name.message }
  const missing = missingKey(settings, name.provider)
  if (missing !== null) return { ok: false, problem: 'missing-key', message: missing }
  if (name.provider === 'scripted') {
    const loaded = await loadScript(settings.scriptFolder, name.modelId)
    return loaded.ok
      ? { ok: true, message: `The script “${loaded.script.name}” is valid.` }
      : { ok: false, problem: 'bad-script', message: loaded.message }
  }
  if (name.provider === 'ollama') {
    const answer = await askOllama(settings, name.modelId, PROBE_TIMEOUT_MS)
    if (!answer.ok) return answer
    if (!answer.facts.hasTools)
      return {
        ok: false,
        problem: 'no-tools',
        message: `${model} cannot use tools. Choose a model that can, such as one of the qwen3 or gpt-oss family.`,
      }
    return { ok: true, message: `${model} is installed and can use tools.` }
  }
  return probeRemote(settings, name.provider, name.modelId)
}

type Remote = Exclude<ProviderName, 'scripted' | 'ollama'>

async function probeRemote(settings: ModelSettings, provider: Remote, modelId: string): Promise<Probe> {
  const { baseUrl, key } = accessOf(settings, provider)
  const reply = await askProvider({
    url: `${baseUrl}/models/${encodeURIComponent(modelId)}`,
    headers: authHeaders(provider, key?.reveal() ?? null),
    timeoutMs: PROBE_TIMEOUT_MS,
  })
  const redact = makeRedactor(allKeys(settings))
  if (!reply.ok)
    return {
      ok: false,
      problem: 'unreachable',
      message: redact(`${provider} does not answer at ${baseUrl} (${reply.message}). Check the network and the base URL.`),
    }
  if (isBadKey(provider, reply.status, reply.json)) {
    return {
      ok: false,
      problem: 'bad-key',
      message: `${provider} refuses the key in ${keyVariable(provider)} (status ${reply.status}). Make a new one at the provider and set it.`,
    }
  }
  if (reply.status < 300) return { ok: true, message: `${provider} accepts the key and knows “${modelId}”.` }
  if (reply.status !== 404)
    return { ok: false, problem: 'refused', message: `${provider} at ${baseUrl} answered with status ${reply.status}.` }
  // Many Chat Completions servers have no page per model.
  if (provider === 'openai-compatible')
    return { ok: true, message: `The server at ${baseUrl} answers; it does not say whether it has “${modelId}”.` }
  return { ok: false, problem: 'unknown-model', message: `${provider} accepts the key but does not know “${modelId}”. Check the name.` }
}

/** Google answers 400 to a wrong key. */
function isBadKey(provider: Remote, status: number, json: unknown): boolean {
  if (status === 401 || status === 403) return true
  return provider === 'google' && status === 400 && JSON.stringify(json ?? '').includes('API_KEY_INVALID')
}

function authHeaders(provider: Remote, key: string | null): Record<string, string> {
  if (key === null) return {}
  switch (provider) {
    case 'anthropic':
      return { 'x-api-key': key, 'anthropic-version': '2023-06-01' }
    case 'google':
      return { 'x-goog-api-key': key }
    case 'openai':
    case 'openai-compatible':
      return { authorization: `Bearer ${key}` }
  }
}
