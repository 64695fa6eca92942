// What the model adapter has to be told: keys, addresses and deadlines. Nothing in this folder reads the environment itself.

import { makeSecret } from '@slipway/core/secret'
import type { Secret } from '@slipway/core/secret'

export type ProviderName = 'anthropic' | 'openai' | 'openai-compatible' | 'google' | 'ollama' | 'scripted'

export interface ProviderAccess {
  key: Secret | null
  /** With the version path, without a slash at the end. */
  baseUrl: string
}

export interface ModelDeadlines {
  /** From the request to the first byte of the answer. */
  firstChunkMs: number
  /** Between two chunks of the answer. */
  betweenChunksMs: number
  /** The whole call; catches an answer that only sends signs of life. */
  callMs: number
}

export interface ModelSettings {
  anthropic: ProviderAccess
  openai: ProviderAccess
  openaiCompatible: ProviderAccess
  google: ProviderAccess
  ollama: ProviderAccess & {
    /** Upper bound of the context that is asked for: a larger one needs more memory on the machine that runs the model. */
    contextTokens: number
  }
  /** Relative names of `scripted/<file>` are looked up here. */
  scriptFolder: string
  deadlines: ModelDeadlines
  /** Milliseconds since the epoch; only differences are reported. */
  now: () => number
}

export const DEFAULT_DEADLINES: ModelDeadlines = { firstChunkMs: 120_000, betweenChunksMs: 90_000, callMs: 30 * 60_000 }
const DEFAULT_OLLAMA_CONTEXT_TOKENS = 32_768

/** Builds the settings from variables such as `ANTHROPIC_API_KEY`; throws a TypeError that names the variable when an address is not a URL. */
export function modelSettingsFrom(environment: Record<string, string | undefined>, scriptFolder: string): ModelSettings {
  const access = (keyName: string, urlName: string, fallbackUrl: string, versionPath: string): ProviderAccess => ({
    key: secretOrNull(environment[keyName]),
    baseUrl: baseUrl(urlName, environment[urlName], fallbackUrl, versionPath),
  })
  const openai = access('OPENAI_API_KEY', 'OPENAI_BASE_URL', 'https://api.openai.com', '/v1')
  // A key is only ever sent to the address it was set together with.
  const openaiCompatible = environment['OPENAI_COMPATIBLE_BASE_URL']
    ? access('OPENAI_COMPATIBLE_API_KEY', 'OPENAI_COMPATIBLE_BASE_URL', '', '/v1')
    : openai
  return {
    anthropic: access('ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'https://api.anthropic.com', '/v1'),
    openai,
    openaiCompatible,
    google: access('GOOGLE_GENERATIVE_AI_API_KEY', 'GOOGLE_GENERATIVE_AI_BASE_URL', 'https://generativelanguage.googleapis.com', '/v1beta'),
    ollama: {
      ...access('OLLAMA_API_KEY', 'OLLAMA_BASE_URL', 'http://127.0.0.1:11434', '/api'),
      contextTokens: positive(environment['OLLAMA_CONTEXT_TOKENS']) ?? DEFAULT_OLLAMA_CONTEXT_TOKENS,
    },
    scriptFolder,
    deadlines: DEFAULT_DEADLINES,
    now: Date.now,
  }
}

function secretOrNull(value: string | undefined): Secret | null {
  const text = value?.trim()
  return text ? makeSecret(text) : null
}

function baseUrl(name: string, value: string | undefined, fallback: string, versionPath: string): string {
  const text = (value?.trim() || fallback).replace(/\/+$/, '')
  if (!URL.canParse(text)) throw new TypeError(`${name} is not a URL. Write it as http(s)://host[:port][/path].`)
  const url = new URL(text)
  if (url.username !== '' || url.password !== '')
    throw new TypeError(`${name} must not contain a user name or password. Put the key into the provider's key variable.`)
  return url.pathname === '/' ? `${text}${versionPath}` : text
}

function positive(value: string | undefined): number | null {
  const number = Number(value)
  return Number.isSafeInteger(number) && number > 0 ? number : null
}
