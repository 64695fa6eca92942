// What the rendering of one event has to know of the events before it.

import type { AssistantPart, SessionEvent } from '@slipway/core/events'

export interface RenderContext {
  /** Tool calls without an outcome. */
  calls: Record<string, { tool: string; input: Record<string, unknown>; startedAt: string | null }>
  /** Model calls without an outcome. */
  models: Record<string, { model: string; isHelper: boolean; startedAt: string }>
  /** The plan as it was last printed. */
  plan: string
  costMicros: number
}

export const emptyContext: RenderContext = { calls: {}, models: {}, plan: '', costMicros: 0 }

/** The context after an event. */
export function advance(context: RenderContext, event: SessionEvent): RenderContext {
  const { body } = event
  switch (body.type) {
    case 'model-requested':
      return {
        ...context,
        models: { ...context.models, [body.callId]: { model: body.model, isHelper: body.forCallId !== null, startedAt: event.at } },
      }
    case 'model-responded':
      return {
        ...context,
        costMicros: context.costMicros + body.costMicros,
        models: without(context.models, body.callId),
        calls: context.models[body.callId]?.isHelper ? context.calls : { ...context.calls, ...callsOf(body.content) },
      }
    case 'model-failed':
      return { ...context, costMicros: context.costMicros + body.costMicros, models: without(context.models, body.callId) }
    case 'tool-started': {
      const call = context.calls[body.callId] ?? { tool: body.tool, input: {}, startedAt: null }
      return { ...context, calls: { ...context.calls, [body.callId]: { ...call, startedAt: event.at } } }
    }
    case 'tool-finished':
      return { ...context, calls: without(context.calls, body.callId) }
    case 'plan-updated':
      return { ...context, plan: planKey(body.steps) }
    case 'session-finished':
      return { ...context, calls: {}, models: {} }
    default:
      return context
  }
}

/** Equal for plans that look the same. */
export function planKey(steps: readonly { title: string; status: string }[]): string {
  return JSON.stringify(steps.map((step) => [step.title, step.status]))
}

function callsOf(content: readonly AssistantPart[]): RenderContext['calls'] {
  const calls: RenderContext['calls'] = {}
  for (const part of content) if (part.type === 'tool-call') calls[part.callId] = { tool: part.tool, input: part.input, startedAt: null }
  return calls
}

function without<Value>(record: Record<string, Value>, key: string): Record<string, Value> {
  const { [key]: _, ...rest } = record
  return rest
}
