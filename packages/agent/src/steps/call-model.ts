// One step of the conversation: reserve, say so, call once, and append what came back.

import { createHash } from 'node:crypto'
import type { AssistantPart, EventBody, ToolDescription } from '@slipway/core/events'
import { classifyFailure } from '@slipway/core/errors/classify-failure'
import type { RawFailure } from '@slipway/core/errors/failure'
import { LONGEST_WAIT_MS, nextAttempt } from '@slipway/core/errors/next-attempt'
import { parkBodies } from '@slipway/core/moves/guard-move'
import type { Move } from '@slipway/core/moves/move'
import type { ModelDescription, ModelRequest, ModelResult } from '@slipway/core/ports'
import { costMicros, formatMicros } from '@slipway/core/pricing/cost'
import { priceBookDate } from '@slipway/core/pricing/price-book'
import { buildPrompt } from '@slipway/core/prompt/build-prompt'
import { promptTokens } from '@slipway/core/prompt/prompt-tokens'
import type { DriveContext } from '../drive-context.ts'
import { toolsOf } from '../tools/tools-of.ts'
import { validateCall } from '../tools/validate-call.ts'
import { modelDeltas } from './deltas.ts'
import { failedCost } from './failed-cost.ts'

type CallMove = Extract<Move, { kind: 'call-model' }>

const shownDeadlineMs = 120_000
/** A broken answer is kept for people to look at, not to go on from. */
const shownPartialChars = 4_000

/** Makes the call that was decided; afterwards the log has its outcome, whatever that was. */
export async function callModel(context: DriveContext, move: CallMove): Promise<void> {
  const { session, ports } = context
  const state = session.state()
  const described = await ports.model.describe(move.model)
  if (!described.ok) return void (await session.intend(parkBodies(state, 'model', described.message)))
  if (state.turn.stage !== 'publish') context.workspace.warmUp()

  const callId = ports.ids.next()
  const reserved = await ports.budgets.reserve({ callId, sessionId: state.sessionId, ownerId: state.ownerId, micros: move.reserveMicros })
  if (!reserved.ok) {
    const reason = `The ${reserved.budget} of ${formatMicros(reserved.limitMicros)} is used up (${formatMicros(reserved.spentMicros)} spent or reserved). Raise it or wait for the next period, then go on.`
    return void (await session.intend(parkBodies(state, 'budget', reason)))
  }
  const request = requestOf(context, move, callId)
  const intent: EventBody = {
    type: 'model-requested',
    callId,
    role: move.role,
    model: move.model,
    attempt: move.attempt,
    promptSha: shaOf(request),
    reservedMicros: move.reserveMicros,
    forCallId: null,
  }
  if (!(await session.intend([intent]))) return ports.budgets.settle({ callId, spentMicros: 0 })
  context.progress('model', `${move.model} is thinking`, shownDeadlineMs)
  const onDelta = modelDeltas(ports.bus, state.sessionId)
  const result = await context.effect((signal) => ports.model.call(request, { signal, onDelta }))
  const outcome = result.ok
    ? answered(result, callId, described.description, request.tools)
    : failed(context, move, callId, described.description, result)
  await session.record([outcome])
}

function requestOf(context: DriveContext, move: CallMove, callId: string): ModelRequest {
  const state = context.session.state()
  return {
    callId,
    sessionId: state.sessionId,
    role: move.role,
    model: move.model,
    effort: state.roles[move.role].effort,
    ...buildPrompt(state, move.model),
    tools: toolsOf(state),
    maxOutputTokens: move.maxOutputTokens,
    ordinal: state.answeredCalls,
  }
}

/** Same log, same hash: the call's own id and limits are left out. */
function shaOf({ system, messages, tools, model }: ModelRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([model, tools, system, messages]))
    .digest('hex')
}

function answered(
  result: Extract<ModelResult, { ok: true }>,
  callId: string,
  description: ModelDescription,
  tools: ToolDescription[],
): Extract<EventBody, { type: 'model-responded' }> {
  const { content, finish, usage, firstTokenMs, ms } = result
  const { price } = description
  return {
    type: 'model-responded',
    callId,
    content: content.map((part) => checked(part, tools)),
    finish,
    usage,
    costMicros: price ? costMicros(price, usage) : 0,
    priceBook: price ? priceBookDate : 'unknown',
    firstTokenMs,
    ms,
  }
}

/** Arguments are judged once, here, so that everything later can trust their shape. */
function checked(part: AssistantPart, tools: ToolDescription[]): AssistantPart {
  if (part.type !== 'tool-call' || part.invalid !== undefined) return part
  const validated = validateCall(part.tool, part.input, tools)
  return validated.ok ? { ...part, input: validated.input } : { ...part, invalid: validated.message }
}

function failed(
  context: DriveContext,
  move: CallMove,
  callId: string,
  description: ModelDescription,
  result: Extract<ModelResult, { ok: false }>,
): Extract<EventBody, { type: 'model-failed' }> {
  const { session, ports } = context
  const { failure, usage } = result
  const wasStopped = session.state().stop !== null
  const isLettingGo = context.signal.aborted
  const kind = wasStopped ? 'stopped' : isLettingGo ? 'interrupted' : classifyFailure(failure)
  const { fallback } = session.state().roles[move.role]
  const next = nextAttempt({
    kind,
    attempt: move.attempt,
    nowMs: ports.clock.now(),
    retryAfterMs: failure.retryAfterMs,
    fallback: fallback === null ? 'none' : move.model === fallback ? 'in-use' : 'ready',
    random: fractionOf(callId),
  })
  return {
    type: 'model-failed',
    callId,
    kind,
    message: withWish(failure),
    status: failure.status,
    retryAt: next.retry ? new Date(next.atMs).toISOString() : null,
    fallback: next.retry && next.useFallback ? fallback : null,
    costMicros: failedCost({
      result,
      price: description.price,
      reservedMicros: move.reserveMicros,
      promptTokens: promptTokens(session.state(), { prefixTokens: context.prefixTokens, model: move.model }),
    }),
    ...(usage ? { usage } : {}),
    ...(result.partialText ? { partialText: headOf(result.partialText) } : {}),
  }
}

/** A wish for a long pause is not waited for, but a person should know of it. */
function withWish({ message, retryAfterMs }: RawFailure): string {
  if (retryAfterMs === null || retryAfterMs <= LONGEST_WAIT_MS) return message
  return `${message.replace(/[.\s]+$/, '')}. It asks for a pause of ${Math.ceil(retryAfterMs / 60_000)} minutes`
}

function headOf(text: string): string {
  return text.length <= shownPartialChars ? text : `${text.slice(0, shownPartialChars)}…`
}

/** Jitter from the call's own id: no randomness of its own, and different for each call. */
function fractionOf(callId: string): number {
  return createHash('sha256').update(callId).digest().readUInt32BE(0) / 2 ** 32
}
