// Puts a session's open question to the person at this terminal.

import { createInterface } from 'node:readline/promises'
import type { HumanAsked } from '@slipway/core/events'
import type { Answer } from '@slipway/server/actions/people'

/**
 * The answer; null when the signal aborts first (somebody answered elsewhere) or the terminal was closed.
 * The question's card with the exact effect has been printed before. Approving takes a whole word, never just Enter.
 */
export async function askPerson(
  ask: HumanAsked,
  { signal, onInterrupt }: { signal: AbortSignal; onInterrupt(): void },
): Promise<Answer | null> {
  const reader = createInterface({ input: process.stdin, output: process.stdout })
  const ended = new AbortController()
  reader.on('SIGINT', onInterrupt)
  reader.on('close', () => ended.abort())
  try {
    for (;;) {
      const typed = await reader.question(promptFor(ask), { signal: AbortSignal.any([signal, ended.signal]) })
      const answer = readAnswer(ask, typed)
      if (answer !== null) return answer
    }
  } catch (error) {
    if (signal.aborted || ended.signal.aborted) return null
    throw error
  } finally {
    reader.close()
  }
}

/** What was meant; null when it cannot be an answer and is asked again. */
export function readAnswer(ask: HumanAsked, typed: string): Answer | null {
  const text = typed.trim()
  const answer = { askId: ask.askId, text: '', effectHash: ask.effect?.hash ?? null, budgetMicros: null }
  if (text === '') return null
  if (ask.kind === 'question') return { ...answer, decision: 'answer', text: optionAt(ask, text) }
  if (ask.kind === 'budget' && /^\$?\d+(\.\d{1,6})?$/.test(text))
    return { ...answer, decision: 'approve', budgetMicros: Math.round(Number(text.replace('$', '')) * 1_000_000) }
  if (/^(approve|yes|y)$/i.test(text)) return ask.kind === 'budget' ? null : { ...answer, decision: 'approve' }
  const rejected = /^(reject|no|n)\b[:,]?\s*(.*)$/is.exec(text)
  return rejected ? { ...answer, decision: 'reject', text: rejected[2] ?? '' } : null
}

function promptFor(ask: HumanAsked): string {
  if (ask.kind === 'question') return '  Your answer: '
  if (ask.kind === 'budget') return '  New limit in US dollars, or reject: '
  return '  approve, or reject with a reason: '
}

/** A number stands for the option in that place. */
function optionAt(ask: HumanAsked, text: string): string {
  return /^\d+$/.test(text) ? (ask.options[Number(text) - 1] ?? text) : text
}
