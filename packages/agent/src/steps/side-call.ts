// A model call beside the conversation, for helpers and summaries: reserved, logged and paid like every other.

import { createHash } from 'node:crypto'
import type { AssistantPart, EventBody, RoleName, ToolDescription } from '@slipway/core/events'
import { classifyFailure } from '@slipway/core/errors/classify-failure'
import { explainFailure } from '@slipway/core/errors/explain-failure'
import { tokenDensity } from '@slipway/core/context/token-density'
import { estimateTokens } from '@slipway/core/context/tokens'
import type { ModelRequest, PromptMessage, PromptSection } from '@slipway/core/ports'
import { costMicros, worstCaseMicros } from '@slipway/core/pricing/cost'
import { priceBookDate } from '@slipway/core/pricing/price-book'
import { reservedMicros } from '@slipway/core/state'
import type { DriveContext } from '../drive-context.ts'
import { failedCost } from './failed-cost.ts'

export interface SideCall {
  role: RoleName
  forCallId: string
  system: PromptSection[]
  messages: PromptMessage[]
  tools: ToolDescription[]
  maxOutputTokens: number
  ordinal: number
}

export type SideAnswer = { ok: true; content: AssistantPart[] } | { ok: false; message: string }

/** One call with the role's model, or its fallback's name in the message when it fails; the caller decides what then. */
export async function sideCall(context: DriveContext, side: SideCall, signal: AbortSignal): Promise<SideAnswer> {
  const { session, ports } = context
  const state = session.state()
  const { model, effort } = state.roles[side.role]
  const described = await ports.model.describe(model)
  if (!described.ok) return { ok: false, message: described.message }
  const { price } = described.description
  const tokens = Math.ceil(estimateTokens(JSON.stringify([side.system, side.messages, side.tools])) * tokenDensity(model))
  const micros = price ? worstCaseMicros(price, tokens, side.maxOutputTokens) : 0
  const { budgetMicros } = state.limits
  if (budgetMicros !== null && state.spend.costMicros + reservedMicros(state) + micros > budgetMicros)
    return { ok: false, message: 'the budget does not cover it' }
  const callId = ports.ids.next()
  const reserved = await ports.budgets.reserve({ callId, sessionId: state.sessionId, ownerId: state.ownerId, micros })
  if (!reserved.ok) return { ok: false, message: `the ${reserved.budget} does not cover it` }

  const { role, forCallId, ...rest } = side
  const request: ModelRequest = { callId, sessionId: state.sessionId, role, model, effort, ...rest }
  const promptSha = createHash('sha256')
    .update(JSON.stringify([model, side.tools, side.system, side.messages]))
    .digest('hex')
  await session.record([{ type: 'model-requested', callId, role, model, attempt: 1, promptSha, reservedMicros: micros, forCallId }])
  const result = await ports.model.call(request, { signal, onDelta: () => undefined })
  if (!result.ok) {
    const kind = classifyFailure(result.failure)
    const spentMicros = failedCost({ result, price, reservedMicros: micros, promptTokens: tokens })
    const message = explainFailure(kind, { model, message: result.failure.message })
    const failure: EventBody = {
      type: 'model-failed',
      callId,
      kind,
      message: result.failure.message,
      status: result.failure.status,
      retryAt: null,
      fallback: null,
      costMicros: spentMicros,
      ...(result.usage ? { usage: result.usage } : {}),
    }
    await session.record([failure])
    return { ok: false, message }
  }
  const { content, finish, usage, firstTokenMs, ms } = result
  const spentMicros = price ? costMicros(price, usage) : 0
  await session.record([
    {
      type: 'model-responded',
      callId,
      content,
      finish,
      usage,
      costMicros: spentMicros,
      priceBook: price ? priceBookDate : 'unknown',
      firstTokenMs,
      ms,
    },
  ])
  return { ok: true, content }
}
