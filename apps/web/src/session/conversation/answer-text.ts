import type { AssistantPart } from '@slipway/core/events'
import type { AnswerRow } from './row.ts'

/** Everything of one kind that an answer says, in its order. */
export function textOf(content: readonly AssistantPart[], type: 'text' | 'reasoning'): string {
  return content.flatMap((part) => (part.type === type ? [part.text] : [])).join(type === 'text' ? '' : '\n\n')
}

/** Whether there is anything to show of an answer; many consist of tool calls alone. */
export function isSpoken({ answer }: AnswerRow): boolean {
  return (
    answer === null ||
    answer.text.trim() !== '' ||
    answer.reasoning.trim() !== '' ||
    answer.finish === 'refusal' ||
    answer.finish === 'length'
  )
}
