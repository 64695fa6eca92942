// What is known of a model before it is called.

import { lookupModel } from '@slipway/core/pricing/price-book'
import type { ModelPrice } from '@slipway/core/pricing/price'
import type { ModelDescription } from '@slipway/core/ports'
import { missingKey } from './access.ts'
import { parseModelName } from './model-name.ts'
import type { OllamaAnswer } from './ollama-facts.ts'
import { loadScript } from './scripted/load-script.ts'
import type { ModelSettings } from './settings.ts'

const FREE: ModelPrice = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, tier: null }
/** For models that no list knows. */
const UNKNOWN = { contextWindow: 128_000, maxOutputTokens: 8_192 }
const SCRIPTED = { contextWindow: 200_000, maxOutputTokens: 32_000 }

export type Described = { ok: true; description: ModelDescription } | { ok: false; message: string }

/** Asks nobody but Ollama (through `ask`, which may remember), and reads the file of a script. */
export async function describeModel(
  settings: ModelSettings,
  model: string,
  ask: (modelId: string) => Promise<OllamaAnswer>,
): Promise<Described> {
  const name = parseModelName(model)
  if (!name.ok) return name
  const missing = missingKey(settings, name.provider)
  if (missing !== null) return { ok: false, message: missing }
  const described = (facts: Omit<ModelDescription, 'model' | 'provider'>): Described => ({
    ok: true,
    description: { model, provider: name.provider, ...facts },
  })

  if (name.provider === 'scripted') {
    const loaded = await loadScript(settings.scriptFolder, name.modelId)
    return loaded.ok ? described({ hasTools: true, ...SCRIPTED, price: FREE, isScripted: true }) : loaded
  }
  if (name.provider === 'ollama') {
    const answer = await ask(name.modelId)
    if (!answer.ok) return answer
    const { contextTokens, hasTools } = answer.facts
    return described({
      hasTools,
      contextWindow: contextTokens,
      maxOutputTokens: Math.min(UNKNOWN.maxOutputTokens, Math.floor(contextTokens / 4)),
      price: FREE,
      isScripted: false,
    })
  }
  const known = lookupModel(model)
  if (known === null) return described({ hasTools: null, ...UNKNOWN, price: null, isScripted: false })
  return described({
    hasTools: known.hasTools,
    contextWindow: known.contextWindow,
    maxOutputTokens: known.maxOutputTokens,
    price: known.price,
    isScripted: false,
  })
}
