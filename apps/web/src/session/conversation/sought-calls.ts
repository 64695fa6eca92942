import type { SessionEvent } from '@slipway/core/events'
import { stableJson } from '@slipway/core/text/stable-json'
import { createContext, use } from 'react'
import type { Sought } from '../event-address.ts'

interface SoughtCalls {
  callIds: readonly string[]
  words: readonly string[]
}

/** The tool calls that the address leads to, and what to mark in them. */
export const SoughtCallsContext = createContext<SoughtCalls>({ callIds: [], words: [] })

/** The words to mark in a call; null: the address does not lead there. */
export function useSoughtWords(callId: string): readonly string[] | null {
  const { callIds, words } = use(SoughtCallsContext)
  return callIds.includes(callId) ? words : null
}

/** Calls whose outcome the event is, or in whose input the words stand that the event asked for. */
export function soughtCalls(event: SessionEvent | undefined, { words }: Pick<Sought, 'words'>): string[] {
  if (event === undefined || words.length === 0) return []
  const { body } = event
  if (body.type === 'tool-finished') return [body.callId]
  if (body.type !== 'model-responded') return []
  return body.content.flatMap((part) => {
    if (part.type !== 'tool-call') return []
    const input = stableJson(part.input).toLowerCase()
    return words.some((word) => input.includes(word.toLowerCase())) ? [part.callId] : []
  })
}
