// `provider/model`, where the model part may hold slashes itself (`openai-compatible/meta-llama/llama-4`).

import type { ProviderName } from './settings.ts'

export const PROVIDER_NAMES: ProviderName[] = ['anthropic', 'openai', 'openai-compatible', 'google', 'ollama', 'scripted']

export type ModelName = { ok: true; provider: ProviderName; modelId: string } | { ok: false; message: string }

/** Splits a model's name; the message of a refusal says which providers there are. */
export function parseModelName(model: string): ModelName {
  const slash = model.indexOf('/')
  const prefix = slash < 0 ? model : model.slice(0, slash)
  const provider = PROVIDER_NAMES.find((name) => name === prefix)
  const known = PROVIDER_NAMES.map((name) => `${name}/…`).join(', ')
  if (provider === undefined)
    return { ok: false, message: `“${model}” names no provider that Slipway knows. Write it as provider/model with one of: ${known}` }
  const modelId = slash < 0 ? '' : model.slice(slash + 1)
  if (modelId === '') return { ok: false, message: `“${model}” names a provider but no model. Write it as ${provider}/<model>.` }
  return { ok: true, provider, modelId }
}
