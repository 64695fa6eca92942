// What is known of models without asking anybody. Windows and prices come from the checked-in list; its date goes into each cost.

import { LIST_DATE, LISTED_MODELS, type ListedModel } from './models.ts'
import type { ModelPrice } from './price.ts'

/** The day the list was last checked, as `YYYY-MM-DD`. */
export const priceBookDate: string = LIST_DATE

export interface KnownModel {
  contextWindow: number
  maxOutputTokens: number
  /** null: it depends on the server. */
  hasTools: boolean | null
  /** Whether a reasoning effort can be asked for. */
  hasEffort: boolean
  price: ModelPrice | null
}

const FREE: ModelPrice = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, tier: null }

// Local models differ; a server's own answer about its window counts more than this careful guess.
const LOCAL: KnownModel = { contextWindow: 32_768, maxOutputTokens: 8_192, hasTools: null, hasEffort: false, price: FREE }
const SCRIPTED: KnownModel = { contextWindow: 200_000, maxOutputTokens: 32_000, hasTools: true, hasEffort: false, price: FREE }

// Dated snapshots (`-2026-03-05`, `-20260305`, `-001`), moving names, and what clouds append after an at sign or a colon.
const VARIANT = /^(?:-\d{3,8}(?:-\d\d){0,2}|-latest|-preview(?:-[\w.-]+)?|[@:].*)$/

/** Facts about `provider/model`, by the longest name in the list that covers it; null when none does. `ollama/…` and `scripted/…` cost nothing. */
export function lookupModel(model: string): KnownModel | null {
  const name = model.toLowerCase()
  if (name.startsWith('ollama/')) return LOCAL
  if (name.startsWith('scripted/')) return SCRIPTED
  const covering = LISTED_MODELS.filter((entry) => covers(entry.name, name))
  const [entry] = covering.sort((left, right) => right.name.length - left.name.length)
  return entry === undefined ? null : toKnown(entry)
}

function covers(listed: string, name: string): boolean {
  if (listed.endsWith('*')) return name.startsWith(listed.slice(0, -1))
  return name === listed || (name.startsWith(listed) && VARIANT.test(name.slice(listed.length)))
}

function toKnown(entry: ListedModel): KnownModel {
  const { context, output, effort, usd, above } = entry
  const tier = above === undefined ? null : { aboveInputTokens: above.tokens, ...inMicros(above) }
  return {
    contextWindow: context,
    maxOutputTokens: output,
    hasTools: true,
    hasEffort: effort,
    price: { ...inMicros(usd), tier },
  }
}

function inMicros(usd: { input: number; output: number; cacheRead: number; cacheWrite: number }) {
  const micros = (dollars: number) => Math.round(dollars * 1_000_000)
  return { input: micros(usd.input), output: micros(usd.output), cacheRead: micros(usd.cacheRead), cacheWrite: micros(usd.cacheWrite) }
}
