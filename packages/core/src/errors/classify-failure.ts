// Sorts a failed model call by what has to happen next. Providers disagree on statuses, so their words count first.

import type { FailureKind, RawFailure } from './failure.ts'

// The wordings as providers send them: Anthropic, OpenAI, Gemini, Ollama, and servers that speak OpenAI's protocol.
const NO_TOOLS = [
  /does not support (?:tool|function)/, // Ollama: "registry.ollama.ai/library/… does not support tools"
  /(?:tools?|tool use|function calling|functions?) (?:is|are) not (?:supported|enabled|available)/, // Gemini: "Function calling is not enabled for …"
  /no endpoints found that support tool/, // OpenRouter
  /tool choice requires --enable-auto-tool-choice/, // vLLM
  /tools param requires --jinja/, // llama.cpp
]

const OVERFLOW = [
  /prompt (?:is )?too long/, // Anthropic; Ollama: "prompt too long; exceeded max context length by …"
  /input length and `?max_tokens`? exceed/, // Anthropic
  /context_length_exceeded|context_window_exceeded|exceed_context_size|string_above_max_length|request_too_large/, // codes
  /maximum context length|maximum prompt length|maximum model length/, // OpenAI, vLLM, Mistral; xAI; vLLM
  /exceed[^.]{0,60}context (?:length|window|size|limit)/, // llama.cpp: "the request exceeds the available context size"
  /context (?:length|window|size|limit)[^.]{0,40}exceed/,
  /greater than the context length|context the overflows|context length (?:of|is) only \d+/, // LM Studio; vLLM
  /input token count[^.]{0,40}(?:exceeds|only supports)/, // Gemini, Vertex
  /exceeds the maximum number of tokens/, // Gemini
  /reduce the length of the (?:messages|input|prompt)/, // Groq, vLLM
  /tokens \+ `?max_new_tokens`? must be|`?inputs`? must have less than \d+ tokens/, // TGI
  /token count of \d+ exceeds the limit|exceeded model token limit|model max length exceeded/, // Copilot; Kimi; Moonshot
  /input is too long|range of input length should be/, // Bedrock; Qwen
  /request too large for .{1,80} tokens per min/, // OpenAI, as a 429: waiting does not make it smaller
]

const QUOTA = [
  /insufficient_quota|billing_hard_limit|billing_error|billing_not_active|credit_balance_too_low|insufficient_credits/, // codes
  /credit balance is too low|requires more credits|insufficient (?:balance|credits|funds)/,
  /(?:spend(?:ing)?|usage|monthly|budget) (?:cap|limit)s? (?:has been |was )?(?:reached|exceeded)|exceeded its (?:monthly )?spend(?:ing)? (?:cap|limit)/,
  /quota[^.]{0,200}(?:per ?day|limit: 0\b)/, // Gemini's daily quota, or a plan without the model
  /(?:prepay|prepaid)[^.]{0,60}(?:depleted|used up|exhausted)/,
]

const AUTH = [
  /invalid_api_key|authentication_error|permission_error|permission_denied|unauthenticated/, // codes
  /api key (?:not valid|expired|not found|is invalid)|(?:invalid|incorrect|missing|no) (?:x-)?api[- ]key|invalid (?:bearer|access) token/,
]

const RATE_LIMIT = [/rate_limit|too_many_requests|resource_exhausted/, /rate limit|too many requests|quota exceeded/]

const OVERLOADED = [/overloaded|server_is_overloaded|slow_down|model_is_loading/, /server busy|currently loading|try again later/]

/** The kind of a failed call. */
export function classifyFailure(raw: RawFailure): FailureKind {
  switch (raw.cause) {
    case 'connection':
      return 'network'
    case 'cut':
      return 'cut'
    case 'stalled':
      return 'stalled'
    case 'empty':
      return 'empty'
    case 'repeating':
      return 'repeating'
    case 'aborted':
      return 'interrupted'
    case 'http':
      return classifyAnswer(raw)
  }
}

function classifyAnswer(raw: RawFailure): FailureKind {
  const words = `${raw.code ?? ''} ${raw.message}`.toLowerCase()
  const says = (patterns: readonly RegExp[]) => patterns.some((pattern) => pattern.test(words))
  if (says(NO_TOOLS)) return 'no-tools'
  if (says(OVERFLOW) || raw.status === 413) return 'overflow'
  if (raw.status === 402 || says(QUOTA) || isExhaustedQuota(raw, words)) return 'quota'
  if (raw.status === 401 || raw.status === 403 || says(AUTH)) return 'auth'
  if (raw.status === 429) return says(OVERLOADED) && !says(RATE_LIMIT) ? 'overloaded' : 'rate-limit'
  return byStatus(raw.status, says)
}

// The same sentence means "used up" at OpenAI and "this minute" at Gemini, which says RESOURCE_EXHAUSTED and when to come back.
function isExhaustedQuota(raw: RawFailure, words: string): boolean {
  return words.includes('exceeded your current quota') && !words.includes('resource_exhausted') && raw.retryAfterMs === null
}

function byStatus(status: number | null, says: (patterns: readonly RegExp[]) => boolean): FailureKind {
  if (status === 529 || status === 503) return 'overloaded'
  if (status === 408 || status === 409 || (status !== null && status >= 500)) return says(OVERLOADED) ? 'overloaded' : 'server'
  if (status !== null) return 'rejected'
  // An error inside a stream has no status; its code has to do.
  if (says(RATE_LIMIT)) return 'rate-limit'
  if (says(OVERLOADED)) return 'overloaded'
  return says([/invalid_request|invalid_argument|not_found|bad_request|failed_precondition/]) ? 'rejected' : 'server'
}
