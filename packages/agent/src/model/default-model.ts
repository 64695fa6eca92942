// The model of somebody who did not choose one.

import { PROVIDER_NAMES } from './model-name.ts'
import { askOllama, listOllamaModels } from './ollama-facts.ts'
import type { ModelSettings, ProviderName } from './settings.ts'
import { providersByPreference, usualModels } from './usual-models.ts'

const OLLAMA_PROBE_MS = 300
/** One more question per installed model; a machine with many models must not make the start wait. */
const MAX_OLLAMA_MODELS_ASKED = 8

/** The first provider with a key, else the first model of a reachable Ollama that can use tools, else null. */
export async function defaultModel(settings: ModelSettings): Promise<string | null> {
  const keyed = providersByPreference.find((provider) => settings[provider].key !== null)
  if (keyed) return usualModels[keyed].main
  const installed = (await listOllamaModels(settings, OLLAMA_PROBE_MS)) ?? []
  for (const name of installed.slice(0, MAX_OLLAMA_MODELS_ASKED)) {
    const answer = await askOllama(settings, name, 2_000)
    if (answer.ok && answer.facts.hasTools) return `ollama/${name}`
  }
  return null
}

export interface ProviderStatus {
  provider: ProviderName
  isReady: boolean
  need: string
}

/** Every provider and what it still needs, for people. Asks nobody. */
export function listProviders(settings: ModelSettings): ProviderStatus[] {
  const needs: Record<ProviderName, [isReady: boolean, need: string]> = {
    anthropic: [settings.anthropic.key !== null, 'ANTHROPIC_API_KEY'],
    openai: [settings.openai.key !== null, 'OPENAI_API_KEY'],
    'openai-compatible': [
      settings.openaiCompatible !== settings.openai,
      'OPENAI_COMPATIBLE_BASE_URL, and OPENAI_COMPATIBLE_API_KEY where the server wants one',
    ],
    google: [settings.google.key !== null, 'GOOGLE_GENERATIVE_AI_API_KEY'],
    ollama: [true, `a running Ollama at ${settings.ollama.baseUrl.replace(/\/api$/, '')}`],
    scripted: [true, 'a script file'],
  }
  return PROVIDER_NAMES.map((provider) => ({ provider, isReady: needs[provider][0], need: needs[provider][1] }))
}
