// Lets the model work on plans: each call is announced before it is made and ended with its outcome, so that a process which
// dies in between is followed by one that knows what is open. An answer becomes a part of its plan once.

import { classifyFailure } from '@slipway/core/errors/classify-failure'
import { describeFailure, explainFailure } from '@slipway/core/errors/explain-failure'
import { MAX_ATTEMPTS, type NextAttempt, nextAttempt } from '@slipway/core/errors/next-attempt'
import { tokenDensity } from '@slipway/core/context/token-density'
import { estimateTokens } from '@slipway/core/context/tokens'
import type { AssistantPart } from '@slipway/core/events'
import type { ModelRequest, ModelResult } from '@slipway/core/ports'
import { costMicros, formatMicros, worstCaseMicros } from '@slipway/core/pricing/cost'
import type { ModelPrice } from '@slipway/core/pricing/price'
import { failedCost } from '@slipway/agent/steps/failed-cost'
import { callsOfPlans, type CallEnd, type PlanCall, type PlanWork } from '@slipway/store/plan-work'
import type { PlanRow } from '@slipway/store/plans'
import { idFrom } from '../runtime/ids.ts'
import type { Runtime } from '../runtime.ts'
import { planPrompt, type PlanQuestion, readPlanAnswer } from './ask-for-plan.ts'
import { thinkerSchema } from './plan-shapes.ts'
import { filesFor } from './repository-files.ts'
import { readPlan } from './read-plan.ts'

export type ThinkRuntime = Pick<Runtime, 'store' | 'ports' | 'settings' | 'logger'>

/** An answer that cannot be used is shown to the model once; the second one ends the attempt. */
const mostUnusable = 2

/** Kept with a failed call instead of its kind: the next one goes to the fallback model. */
const goesToFallback = 'fallback'

interface Thinking {
  runtime: ThinkRuntime
  work: PlanWork
  plan: PlanRow
  signal: AbortSignal
}

/** Makes the next step for a plan that this process has claimed. */
export async function think(thinking: Thinking): Promise<void> {
  const { runtime, work, plan } = thinking
  const all = await callsOfPlans(runtime.store.database.pool, [plan.id])
  // Whoever made them is gone, or has lost the plan. What they cost nobody knows, so it is taken to be what was reserved.
  for (const open of all.filter(({ endedAt }) => endedAt === null)) {
    await work.end({ callId: open.callId, outcome: 'interrupted', costMicros: open.reservedMicros })
    open.outcome = 'interrupted'
  }
  const calls = all.filter(({ round }) => round === plan.round)
  const unusable = calls.filter(({ outcome }) => outcome === 'unusable')
  if (calls.filter(({ outcome }) => outcome === 'interrupted').length >= MAX_ATTEMPTS)
    return work.fail(plan, `The call was cut off ${MAX_ATTEMPTS} times by restarts of the server. Ask again when it runs steadily.`)
  if (unusable.length >= mostUnusable) return work.fail(plan, unusableTwice(unusable.at(-1)?.message ?? ''))
  const question = await questionFor(thinking, unusable.at(-1) ?? null)
  if (!question.ok) {
    if (question.retryAfterMs === null) return work.fail(plan, question.message)
    return work.postpone(plan, { afterMs: question.retryAfterMs, problem: question.message })
  }
  const answered = all.filter(({ outcome }) => outcome === 'answered' || outcome === 'unusable').length
  await call(thinking, question.question, { calls, ordinal: answered })
}

type Questioned = { ok: true; question: PlanQuestion } | { ok: false; message: string; retryAfterMs: number | null }

async function questionFor({ runtime, plan, signal }: Thinking, mistake: PlanCall | null): Promise<Questioned> {
  const { requirements, tasks, request, newRepository } = readPlan(plan)
  const asked = plan.asked ?? 'requirements'
  const files =
    asked === 'tasks' && request.repository !== null && newRepository === null ? await filesFor(runtime, plan, request, signal) : null
  if (files !== null && !files.ok) return files
  return {
    ok: true,
    question: {
      asked,
      idea: { text: plan.idea, isTrusted: plan.source !== 'notion', origin: plan.pageUrl ?? 'idea' },
      wish: plan.wish,
      requirements,
      files: files?.files ?? null,
      tasks: tasks ?? [],
      // The form was checked when the answer was kept.
      mistake: mistake === null ? null : { content: (mistake.answer ?? []) as AssistantPart[], message: mistake.message ?? '' },
    },
  }
}

async function call(thinking: Thinking, question: PlanQuestion, { calls, ordinal }: { calls: PlanCall[]; ordinal: number }): Promise<void> {
  const { runtime, work, plan, signal } = thinking
  const { ports } = runtime
  const thinker = thinkerSchema.parse(plan.thinker)
  // Attempts are counted from the last answer on; a call that was cut by a restart is made again at once.
  const failed = calls.slice(calls.findLastIndex(({ outcome }) => outcome === 'unusable') + 1).filter(({ outcome }) => outcome === 'failed')
  const last = failed.at(-1)
  const model = last?.kind === goesToFallback ? (thinker.fallback ?? thinker.model) : thinker.model
  const described = await ports.model.describe(model)
  if (!described.ok) return work.fail(plan, described.message)
  const { price } = described.description
  const prompt = planPrompt(question)
  const tokens = Math.ceil(estimateTokens(JSON.stringify([prompt.system, prompt.messages, prompt.tools])) * tokenDensity(model))
  const maxOutputTokens = Math.min(prompt.maxOutputTokens, described.description.maxOutputTokens)
  const reservedMicros = price ? worstCaseMicros(price, tokens, maxOutputTokens) : 0
  // The same id after a crash, so that nothing is reserved twice.
  const callId = idFrom(`plan ${plan.id} ${plan.round} ${calls.length}`)
  const reserved = await ports.budgets.reserve({ callId, sessionId: plan.id, ownerId: plan.ownerId, micros: reservedMicros })
  if (!reserved.ok)
    return work.fail(
      plan,
      `The ${reserved.budget} of ${formatMicros(reserved.limitMicros)} is used up (${formatMicros(reserved.spentMicros)} spent or reserved). Raise it or wait for the next period, then ask again.`,
    )
  const attempt = failed.length + 1
  if (!(await work.begin(plan, { callId, attempt, model, reservedMicros }))) return ports.budgets.settle({ callId, spentMicros: 0 })
  const request: ModelRequest = {
    callId,
    sessionId: plan.id,
    role: 'plan',
    model,
    effort: thinker.effort,
    ...prompt,
    maxOutputTokens,
    ordinal,
  }
  const result = await ports.model.call(request, { signal, onDelta: () => undefined })
  const facts = { callId, price, reservedMicros, tokens, attempt, model, fallback: thinker.fallback }
  return result.ok ? take(thinking, question, result, facts) : recover(thinking, result, facts)
}

interface CallFacts {
  callId: string
  price: ModelPrice | null
  reservedMicros: number
  tokens: number
  attempt: number
  model: string
  fallback: string | null
}

async function take(
  { runtime, work, plan }: Thinking,
  question: PlanQuestion,
  result: Extract<ModelResult, { ok: true }>,
  { callId, price }: CallFacts,
): Promise<void> {
  const spent = { callId, usage: result.usage, costMicros: price ? costMicros(price, result.usage) : null }
  const wasCut = result.finish === 'length'
  const read = wasCut
    ? { ok: false as const, message: 'the answer was too long and broke off; say it in fewer words' }
    : readPlanAnswer(question.asked, result.content)
  if (!read.ok) {
    await work.end({ ...spent, outcome: 'unusable', message: read.message, answer: shown(result.content) })
    return work.postpone(plan, { afterMs: 0, problem: 'The model’s answer could not be used; it is asked once more.' })
  }
  const end: CallEnd = { ...spent, outcome: 'answered' }
  const { answer } = read
  const change = 'tasks' in answer ? { tasks: answer.tasks } : { title: answer.title, requirements: answer.requirements }
  const isStored = await work.store(plan, end, change)
  runtime.logger.info({ plan: plan.id, asked: question.asked, isStored }, 'the model answered for a plan')
}

/** What the model is shown of its answer; thoughts stay out, because they only count with their signatures in place. */
function shown(content: readonly AssistantPart[]): AssistantPart[] {
  return content.filter(({ type }) => type !== 'reasoning')
}

async function recover(
  { runtime, work, plan, signal }: Thinking,
  result: Extract<ModelResult, { ok: false }>,
  facts: CallFacts,
): Promise<void> {
  const { failure } = result
  const cost = facts.price
    ? failedCost({ result, price: facts.price, reservedMicros: facts.reservedMicros, promptTokens: facts.tokens })
    : null
  const end = { callId: facts.callId, costMicros: cost, ...(result.usage ? { usage: result.usage } : {}) }
  if (signal.aborted) {
    await work.end({ ...end, outcome: 'interrupted' })
    return work.postpone(plan, { afterMs: 0, problem: 'The server was restarted; it is asked again.' })
  }
  const kind = classifyFailure(failure)
  const next: NextAttempt = nextAttempt({
    kind,
    attempt: facts.attempt,
    nowMs: runtime.ports.clock.now(),
    retryAfterMs: failure.retryAfterMs,
    fallback: facts.fallback === null ? 'none' : facts.model === facts.fallback ? 'in-use' : 'ready',
    random: Number.parseInt(facts.callId.slice(-4), 32) / 32 ** 4 || 0,
  })
  const message = explainFailure(kind, { model: facts.model, message: failure.message })
  await work.end({ ...end, outcome: 'failed', kind: next.retry && next.useFallback ? goesToFallback : kind, message })
  if (!next.retry) return work.fail(plan, message)
  const afterMs = Math.max(0, next.atMs - runtime.ports.clock.now())
  // Nobody has to do anything yet, so nobody is told what to do.
  const happened = describeFailure(kind, { model: facts.model, message: failure.message })
  return work.postpone(plan, { afterMs, problem: happened.replace(/\.$/, '; it is asked again.') })
}

function unusableTwice(message: string): string {
  return `The model’s answer could not be used, also when it was asked once more: ${message}. Ask again, choose another model, or write it yourself; what you typed is kept.`
}
