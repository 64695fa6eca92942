// Which settings and which key belong to a provider.

import type { ModelSettings, ProviderAccess, ProviderName } from './settings.ts'

type RemoteProvider = Exclude<ProviderName, 'scripted'>

const KEY_VARIABLES: Record<RemoteProvider, string> = {
  anthropic: 'ANTHROPIC_API_KEY',
  openai: 'OPENAI_API_KEY',
  'openai-compatible': 'OPENAI_COMPATIBLE_API_KEY',
  google: 'GOOGLE_GENERATIVE_AI_API_KEY',
  ollama: 'OLLAMA_API_KEY',
}

export function accessOf(settings: ModelSettings, provider: RemoteProvider): ProviderAccess {
  return provider === 'openai-compatible' ? settings.openaiCompatible : settings[provider]
}

/** A sentence that says which variable to set, or null. Local servers need no key. */
export function missingKey(settings: ModelSettings, provider: ProviderName): string | null {
  if (provider === 'scripted' || provider === 'ollama' || provider === 'openai-compatible') return null
  if (accessOf(settings, provider).key !== null) return null
  return `There is no key for ${provider}. Set ${KEY_VARIABLES[provider]}, or choose another model.`
}

export function keyVariable(provider: RemoteProvider): string {
  return KEY_VARIABLES[provider]
}

/** Every key there is, for the redactor. */
export function allKeys(settings: ModelSettings): string[] {
  return [settings.anthropic, settings.openai, settings.openaiCompatible, settings.google, settings.ollama].flatMap((access) =>
    access.key === null ? [] : [access.key.reveal()],
  )
}
