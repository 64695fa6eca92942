// Which model is called next, when, and for how much at most.

import type { EventBody, RoleName } from '../events.ts'
import type { FailureKind } from '../errors/failure.ts'
import { explainFailure } from '../errors/explain-failure.ts'
import type { ModelDescription } from '../ports.ts'
import { formatMicros, worstCaseMicros } from '../pricing/cost.ts'
import { promptTokens } from '../prompt/prompt-tokens.ts'
import { reservedMicros, type SessionState } from '../state.ts'
import { parkBodies } from './guard-move.ts'
import type { Move, Situation } from './move.ts'

const usualOutputTokens = 16_000
const leastOutputTokens = 2_000
const maxAttempts = 12
/** Clocks are corrected by less all the time. */
const clockToleranceMs = 1_000

/** What a failed call means: wait, park, or nothing when the call can simply be made again. */
export function retryMove(state: SessionState, situation: Situation): Move | null {
  const { retry } = state
  if (!retry || retry.kind === 'interrupted' || retry.kind === 'stopped') return null
  if (retry.at !== null) {
    const leftMs = Date.parse(retry.at) - situation.nowMs
    // More than there was when it began: the clock was set back since, or is behind the one that it was written with.
    if (leftMs <= 0 || leftMs > retry.pauseMs + clockToleranceMs) return null
    const reason = explainFailure(retry.kind, { model: retry.failedModel, message: retry.message })
    return { kind: 'wait', until: retry.at, reason }
  }
  if (retry.kind === 'overflow' && !state.turn.hasCompactedForOverflow) return null
  if (retry.kind === 'no-tools' && chooseModel(state, situation)) return null
  return park(state, retry.kind, retry.message)
}

/** Calls the model of the current stage's role; asks when the budget does not cover it. */
export function modelMove(state: SessionState, situation: Situation): Move {
  const choice = chooseModel(state, situation)
  const role = roleOf(state)
  if (!choice) return park(state, 'no-tools', `${state.roles[role].model} cannot call tools, and no other configured model can.`)
  const attempt = (state.retry?.attempt ?? 0) + 1
  if (attempt > maxAttempts) return park(state, 'server', 'The call failed too often.')
  const description = situation.models.get(choice)
  const tokens = promptTokens(state, { prefixTokens: situation.prefixTokens, model: choice })
  const budget = fitBudget(state, tokens, description)
  if (!budget.fits) return { kind: 'record', bodies: [askForBudget(state, budget.neededMicros)] }
  return { kind: 'call-model', role, model: choice, attempt, maxOutputTokens: budget.maxOutputTokens, reserveMicros: budget.reserveMicros }
}

/** The role that speaks at this stage. */
export function roleOf(state: SessionState): RoleName {
  return state.turn.stage === 'plan' ? 'plan' : 'code'
}

/** The retry's model, else the role's, its fallback, or another role's: the first that can call tools. */
function chooseModel(state: SessionState, situation: Situation): string | null {
  const role = roleOf(state)
  const { roles } = state
  const candidates = [
    state.retry?.model,
    roles[role].model,
    roles[role].fallback,
    roles.code.model,
    roles.plan.model,
    roles.code.fallback,
    roles.plan.fallback,
  ]
  const isUsable = (model: string) => !state.modelsWithoutTools.includes(model) && situation.models.get(model)?.hasTools !== false
  return candidates.find((model) => model !== null && model !== undefined && isUsable(model)) ?? null
}

type Fit = { fits: true; maxOutputTokens: number; reserveMicros: number } | { fits: false; neededMicros: number }

/** The longest answer that the rest of the budget covers in the worst case. An unpriced model reserves nothing. */
function fitBudget(state: SessionState, tokens: number, description: ModelDescription | undefined): Fit {
  const wanted = Math.min(usualOutputTokens, description?.maxOutputTokens ?? usualOutputTokens)
  const price = description?.price ?? null
  if (!price) return { fits: true, maxOutputTokens: wanted, reserveMicros: 0 }
  const reserve = worstCaseMicros(price, tokens, wanted)
  if (state.limits.budgetMicros === null) return { fits: true, maxOutputTokens: wanted, reserveMicros: reserve }
  const left = state.limits.budgetMicros - state.spend.costMicros - reservedMicros(state)
  if (reserve <= left) return { fits: true, maxOutputTokens: wanted, reserveMicros: reserve }
  const least = Math.min(leastOutputTokens, wanted)
  const leastMicros = worstCaseMicros(price, tokens, least)
  if (leastMicros > left) return { fits: false, neededMicros: leastMicros }
  const perToken = (reserve - leastMicros) / Math.max(1, wanted - least)
  const affordable = Math.max(least, Math.min(wanted, least + Math.floor((left - leastMicros) / Math.max(perToken, 1e-9))))
  const maxOutputTokens = worstCaseMicros(price, tokens, affordable) <= left ? affordable : least
  return { fits: true, maxOutputTokens, reserveMicros: worstCaseMicros(price, tokens, maxOutputTokens) }
}

function askForBudget(state: SessionState, neededMicros: number): EventBody {
  const limit = formatMicros(state.limits.budgetMicros ?? 0)
  const question = `The budget of ${limit} does not cover the next step: ${formatMicros(state.spend.costMicros)} are spent and it may cost up to ${formatMicros(neededMicros)}. Raise it?`
  return {
    type: 'human-asked',
    askId: `ask-${state.head + 1}`,
    kind: 'budget',
    question,
    options: ['approve', 'reject'],
    callId: null,
    effect: null,
    expiresAt: null,
  }
}

function park(state: SessionState, kind: FailureKind, message: string): Move {
  const model = state.retry?.failedModel ?? state.roles[roleOf(state)].model
  return { kind: 'record', bodies: parkBodies(state, 'model', explainFailure(kind, { model, message })) }
}
