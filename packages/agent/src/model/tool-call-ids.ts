// Ids of tool calls. Each must name one call of the whole session and be acceptable to every provider it may be sent back to.

import type { PromptMessage } from '@slipway/core/ports'

/** Accepted by all: Anthropic takes letters, digits, `_` and `-`; OpenAI at most 64 characters. */
const ACCEPTED = /^[A-Za-z0-9_-]{1,64}$/
/** Small servers count from 0 in every answer: `call_0`, `functions.read_file:1`, `3`. */
const COUNTED = /(^|[^A-Za-z0-9])\d{1,4}$|^[a-z]+\d{1,2}$/

export interface ToolCallIds {
  /** The id for a call that begins. Remembers it under the provider's own id. */
  begin(providerId: string): string
  /** The id given for the call that was begun last under this provider id; begins one where there is none. */
  current(providerId: string): string
  /** The call is complete: the same provider id now means another call. */
  complete(providerId: string): void
}

/** Keeps the provider's id where it can; otherwise makes one out of it and the model call's id. */
export function makeToolCallIds(modelCallId: string, history: PromptMessage[]): ToolCallIds {
  const used = new Set(
    history.flatMap((message) =>
      message.role === 'assistant' ? message.content.flatMap((part) => (part.type === 'tool-call' ? [part.callId] : [])) : [],
    ),
  )
  const open = new Map<string, string>()

  function begin(providerId: string): string {
    const id = unique(providerId)
    used.add(id)
    open.set(providerId, id)
    return id
  }

  function unique(providerId: string): string {
    if (ACCEPTED.test(providerId) && !COUNTED.test(providerId) && !used.has(providerId)) return providerId
    const stem = `${providerId.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 28) || 'call'}-${modelCallId.replace(/[^A-Za-z0-9_-]/g, '_').slice(-26)}`
    let id = stem
    for (let number = 2; used.has(id); number++) id = `${stem}-${number}`
    return id
  }

  return {
    begin,
    current: (providerId) => open.get(providerId) ?? begin(providerId),
    complete: (providerId) => void open.delete(providerId),
  }
}
