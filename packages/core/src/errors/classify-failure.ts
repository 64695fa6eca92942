// What a failure at the wire means. Status first, then each provider's own words; the words are facts of their APIs.

import type { FailureKind, RawFailure } from './failure.ts'

const overflow = [
  /prompt is too long/i, // Anthropic
  /input length and `?max_tokens`? exceed context limit/i, // Anthropic
  /request_too_large|request exceeds the maximum size/i, // Anthropic, 413
  /context_length_exceeded|maximum context length|context window/i, // OpenAI, vLLM, LM Studio
  /input token count.*exceeds the maximum/i, // Gemini
  /exceeds? the (available |model's )?context (size|length)/i, // llama.cpp, Ollama
  /too many (input )?tokens/i,
]
const quota = [
  /insufficient_quota|exceeded your current quota|billing_hard_limit|billing/i, // OpenAI
  /credit balance is too low|purchase credits/i, // Anthropic
  /spending limit|payment required|out of credits?/i,
]
const noTools = [
  /does not support tools/i, // Ollama
  /does not support (function|tool)[ -]?(calling|use)/i,
  /no endpoints found that support tool use/i,
  /tool (calling|use|choice).*(is )?not (supported|enabled)/i,
  /function calling is not enabled/i, // Gemini
  /--enable-auto-tool-choice/i, // vLLM
]
const auth = [/invalid[_ ]?api[_ ]?key|incorrect api key|invalid x-api-key|authentication_error|api key not valid|unauthorized|permission_error|permission_denied/i]
const overloaded = [/overloaded/i, /capacity|try again later/i]

/** The kind that decides what happens next; see the table in the documentation of models. */
export function classifyFailure(raw: RawFailure): FailureKind {
  if (raw.cause === 'aborted') return 'interrupted'
  const said = `${raw.code ?? ''} ${raw.message}`
  const byWords = fromWords(said, raw.status)
  if (byWords) return byWords
  if (raw.status !== null) return fromStatus(raw.status, said)
  switch (raw.cause) {
    case 'connection':
      return 'network'
    case 'cut':
    case 'stalled':
    case 'empty':
      return raw.cause
    case 'http':
      return 'server'
  }
}

function fromWords(said: string, status: number | null): FailureKind | null {
  const isServerSide = status !== null && status >= 500
  if (!isServerSide && matches(said, overflow) && !/rate.?limit|per minute/i.test(said)) return 'overflow'
  if (matches(said, quota) && !/per minute|per day.*free/i.test(said)) return 'quota'
  if (matches(said, noTools)) return 'no-tools'
  if (status === null && matches(said, auth)) return 'auth'
  return status === null && matches(said, overloaded) ? 'overloaded' : null
}

function fromStatus(status: number, said: string): FailureKind {
  if (status === 401 || status === 403) return 'auth'
  if (status === 402) return 'quota'
  if (status === 429) return 'rate-limit'
  if (status === 400 && matches(said, auth)) return 'auth' // Gemini answers 400 to a bad key
  if (status === 408 || status === 409 || status === 425) return 'server'
  if (status === 529 || status === 503 || (status >= 500 && matches(said, overloaded))) return 'overloaded'
  if (status >= 500) return 'server'
  return 'rejected'
}

function matches(said: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(said))
}
