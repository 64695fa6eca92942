// Models to choose from. Nobody is asked but a local Ollama.

import { listProviders } from '@slipway/agent/model/default-model'
import { listOllamaModels } from '@slipway/agent/model/ollama-facts'
import { usualModels } from '@slipway/agent/model/usual-models'
import { lookupModel } from '@slipway/core/pricing/price-book'
import type { Settings } from '../settings.ts'

const OLLAMA_DEADLINE_MS = 500

export interface ModelChoice {
  model: string
  provider: string
  isDefault: boolean
  isReady: boolean
  need: string | null
  hasTools: boolean | null
  hasPrice: boolean
  isScripted: boolean
}

/** `used`: models of earlier sessions, the latest first. Ready ones first, the default before all. */
export async function modelChoices(settings: Pick<Settings, 'models' | 'roles'>, used: readonly string[]): Promise<ModelChoice[]> {
  const installed = (await listOllamaModels(settings.models, OLLAMA_DEADLINE_MS)) ?? []
  const standard = settings.roles?.code.model ?? null
  const names = new Set([
    ...(standard === null ? [] : [standard]),
    ...used,
    ...Object.values(usualModels).flatMap(({ main, cheap }) => [main, cheap]),
    ...installed.map((name) => `ollama/${name}`),
  ])
  const providers = new Map(listProviders(settings.models).map((status) => [status.provider as string, status]))
  const choices = [...names].map((model): ModelChoice => {
    const provider = model.slice(0, model.indexOf('/'))
    const status = providers.get(provider)
    const known = lookupModel(model)
    const isReady = status?.isReady === true && (provider !== 'ollama' || installed.includes(model.slice('ollama/'.length)))
    return {
      model,
      provider,
      isDefault: model === standard,
      isReady,
      need: isReady ? null : (status?.need ?? 'a provider that is not known'),
      hasTools: known?.hasTools ?? null,
      hasPrice: known?.price != null,
      isScripted: provider === 'scripted',
    }
  })
  return choices.sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || Number(b.isReady) - Number(a.isReady))
}
