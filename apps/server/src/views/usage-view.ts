// Who spent what: the model calls of a log, added up by model and role.

import type { EventOf, SessionEvent } from '@slipway/core/events'

export interface ModelUsage {
  model: string
  role: string
  calls: number
  failedCalls: number
  costMicros: number
  inputTokens: number
  outputTokens: number
}

/** Most expensive first. */
export function usageByModel(events: readonly SessionEvent[]): ModelUsage[] {
  const rows = new Map<string, ModelUsage>()
  const requests = new Map<string, EventOf<'model-requested'>>()
  for (const { body } of events) {
    if (body.type === 'model-requested') requests.set(body.callId, body)
    if (body.type !== 'model-responded' && body.type !== 'model-failed') continue
    const request = requests.get(body.callId)
    if (request === undefined) continue
    const key = `${request.model} ${request.role}`
    rows.set(key, add(rows.get(key) ?? emptyRow(request), body))
  }
  return [...rows.values()].sort((a, b) => b.costMicros - a.costMicros || a.model.localeCompare(b.model))
}

function emptyRow({ model, role }: EventOf<'model-requested'>): ModelUsage {
  return { model, role, calls: 0, failedCalls: 0, costMicros: 0, inputTokens: 0, outputTokens: 0 }
}

function add(row: ModelUsage, body: EventOf<'model-responded'> | EventOf<'model-failed'>): ModelUsage {
  const costMicros = row.costMicros + body.costMicros
  const inputTokens = row.inputTokens + (body.usage?.inputTokens ?? 0)
  const outputTokens = row.outputTokens + (body.usage?.outputTokens ?? 0)
  if (body.type === 'model-failed') return { ...row, costMicros, inputTokens, outputTokens, failedCalls: row.failedCalls + 1 }
  return { ...row, costMicros, inputTokens, outputTokens, calls: row.calls + 1 }
}
