// What the adapter has to know of one provider. Each client is imported only when its first model is used.

import type { Usage } from '@slipway/core/events'
import type { ModelRequest } from '@slipway/core/ports'
import type { CallSettings, JSONValue, LanguageModel } from 'ai'
import type { PromptDialect } from '../to-prompt.ts'
import type { ProviderAccess } from '../settings.ts'

export interface ProviderCall {
  providerOptions: Record<string, Record<string, JSONValue>>
  /** The SDK translates it into each provider's own setting. */
  reasoning?: NonNullable<CallSettings['reasoning']>
  maxOutputTokens: number
}

export interface Provider {
  dialect: PromptDialect
  /** Never a string id: the SDK would send that to a gateway. */
  load(input: { modelId: string; access: ProviderAccess; fetch: typeof globalThis.fetch }): Promise<Exclude<LanguageModel, string>>
  /** `modelId` is the name without the provider's prefix. */
  callOptions(request: ModelRequest, modelId: string): ProviderCall
  /** The error in a line of the answer that the provider's client would drop, or null. */
  errorInLine?(line: string): string | null
  /** Whether a line says that the answer is complete, for a provider whose client takes any end for one. Only together with `errorInLine`. */
  isLastLine?(line: string): boolean
  /** Each line of an answer as the provider's client can read it; may be more than one line. Only together with `errorInLine`. */
  rewriteLine?(line: string): string
  /** For a provider that reports usage before the end: what such a line contains, and how it is read. Not together with `errorInLine`. */
  usageInStream?: { marker: string; read(line: string): Usage | null }
}
