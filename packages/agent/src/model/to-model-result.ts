// Whether a stream that ended without an error is an answer. Only `stop` and `tool-calls` are ends; `length` and refusals are told apart.

import type { Finish } from '@slipway/core/events'
import type { ModelResult } from '@slipway/core/ports'
import type { Answer } from './read-answer.ts'
import type { Redact } from './raw-failure.ts'

const NO_USAGE = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }

export function toModelResult(answer: Answer, context: { ms: number; redact: Redact }): ModelResult {
  const fail = (cause: 'cut' | 'empty', message: string): ModelResult => ({
    ok: false,
    failure: { status: null, message: context.redact(message), code: answer.rawFinish, retryAfterMs: null, cause },
    usage: answer.usage,
    ms: context.ms,
  })
  const finish = finishOf(answer)
  if (finish === null) {
    const said = answer.rawFinish === null ? 'without saying that it was complete' : `with “${answer.rawFinish}”`
    return fail('cut', `The answer ended ${said}.`)
  }
  const hasCalls = answer.content.some((part) => part.type === 'tool-call')
  const hasText = answer.content.some((part) => part.type === 'text' && part.text.trim() !== '')
  if ((finish === 'stop' || finish === 'tool-calls') && !hasCalls && !hasText)
    return fail('empty', 'The answer was complete but had neither text nor tool calls.')
  return {
    ok: true,
    content: answer.content,
    // Some servers say `stop` after tool calls, and some `tool_calls` after none.
    finish: finish === 'stop' || finish === 'tool-calls' ? (hasCalls ? 'tool-calls' : 'stop') : finish,
    usage: answer.usage ?? NO_USAGE,
    firstTokenMs: answer.firstTokenMs ?? context.ms,
    ms: context.ms,
  }
}

function finishOf(answer: Answer): Finish | null {
  switch (answer.finish) {
    case 'stop':
    case 'tool-calls':
    case 'length':
      return answer.finish
    case 'content-filter':
      return 'refusal'
    case 'error':
    case 'interrupted':
    case 'other':
    case null:
      return null
  }
}
