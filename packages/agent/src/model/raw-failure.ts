// Turns whatever a provider's client throws into the facts of a failure. What to do about it is decided elsewhere.

import type { RawFailure } from '@slipway/core/errors/failure'
import { retryAfterMs } from './retry-after.ts'
import type { WireRecord } from './model-fetch.ts'

const MAX_MESSAGE_CHARACTERS = 2_000

export type Redact = (text: string) => string

/** `error` may be any value: SDK errors, errors of the network, or a provider's own error object out of a stream. */
export function toRawFailure(error: unknown, context: { wire: WireRecord; redact: Redact; now: number }): RawFailure {
  const facts = factsOf(error)
  const answered = context.wire.status !== null && context.wire.status < 400
  const status = facts.fromProvider ? facts.status : null
  const failure = (cause: RawFailure['cause'], fields: { status: number | null; message: string; code: string | null }): RawFailure => ({
    status: fields.status,
    message: clean(fields.message, context.redact),
    code: fields.code === null ? null : clean(fields.code, context.redact),
    retryAfterMs: cause === 'http' ? retryAfterMs(facts.headers ?? context.wire.headers, facts.body, context.now) : null,
    cause,
  })

  if (facts.fromProvider && status !== null && status >= 300 && status < 400) {
    return failure('http', {
      status,
      code: 'redirect',
      message: `The provider's address answered with a redirect (${status}), which is not followed. Set the base URL to the final address.`,
    })
  }
  if (facts.fromProvider)
    return failure('http', {
      status,
      code: facts.code,
      message: facts.message || `The provider answered with status ${status ?? 'unknown'}.`,
    })
  if (answered) return failure('cut', { status: null, code: facts.code, message: `The answer broke off: ${facts.message}` })
  if (context.wire.sent)
    return failure('connection', { status: null, code: facts.code, message: `The provider could not be reached: ${facts.message}` })
  // Nothing was sent: the request could not even be written in the provider's terms.
  return failure('http', { status: 400, code: 'invalid_request', message: `The request could not be built: ${facts.message}` })
}

interface Facts {
  /** The provider itself said that the call failed. */
  fromProvider: boolean
  status: number | null
  code: string | null
  message: string
  body: string | null
  headers: Record<string, string> | null
}

function factsOf(error: unknown): Facts {
  const record = asRecord(error)
  if (record === null)
    return { fromProvider: typeof error === 'string', status: null, code: null, message: String(error), body: null, headers: null }
  const status = number(record['statusCode'])
  const body = typeof record['responseBody'] === 'string' ? record['responseBody'] : null
  const inner = asRecord(parse(body)) ?? asRecord(record['data'])
  const details = errorObjectIn(inner)
  const isHttpError = status !== null && (status >= 300 || body !== null)
  const isStreamError = record['name'] === 'AI_StreamProviderError' || !(error instanceof Error)
  return {
    fromProvider: isHttpError || isStreamError,
    status,
    code: firstWord(details?.['code'], details?.['type'], details?.['status'], record['code'], record['type']) ?? networkCode(error),
    message:
      text(details?.['message'], inner?.['message'], inner?.['error'], inner?.['detail']) ?? (plainBody(body) || messageChain(error)),
    body: body ?? (inner ? JSON.stringify(inner) : null),
    headers: asHeaders(record['responseHeaders']),
  }
}

/** `{ error: { … } }`, `[{ error: { … } }]`, `{ response: { error } }` or the error itself. */
function errorObjectIn(value: Record<string, unknown> | null): Record<string, unknown> | null {
  const first = Array.isArray(value) ? asRecord(value[0]) : value
  if (first === null) return null
  return (
    asRecord(first['error']) ?? asRecord(asRecord(first['response'])?.['error']) ?? (typeof first['message'] === 'string' ? first : null)
  )
}

/** A proxy's page instead of the API's JSON: tags out, one line. */
function plainBody(body: string | null): string {
  if (body === null || parse(body) !== null) return ''
  return body
    .replace(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
}

/** `fetch failed` says nothing; its cause (`connect ECONNREFUSED …`) does. */
function messageChain(error: unknown): string {
  const parts: string[] = []
  let current: unknown = error
  for (let depth = 0; depth < 4 && current !== undefined && current !== null; depth++) {
    const record = asRecord(current)
    const message = typeof current === 'string' ? current : text(record?.['message'], record?.['code'])
    if (message !== null && message !== '' && !parts.some((part) => part.includes(message))) parts.push(message)
    current = record?.['cause']
  }
  return parts.join(': ') || 'unknown error'
}

function networkCode(error: unknown): string | null {
  let current = asRecord(error)
  for (let depth = 0; depth < 4 && current !== null; depth++) {
    const code = current['code']
    if (typeof code === 'string') return code
    current = asRecord(current['cause'])
  }
  return null
}

function clean(message: string, redact: Redact): string {
  return redact(message).slice(0, MAX_MESSAGE_CHARACTERS)
}

function parse(body: string | null): unknown {
  if (body === null) return null
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null // narrowed to a non-null object just before
}

function asHeaders(value: unknown): Record<string, string> | null {
  const record = asRecord(value)
  if (record === null) return null
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, content]) => (typeof content === 'string' ? [[name.toLowerCase(), content]] : [])),
  )
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}

/** Providers also put the HTTP status into `code`; that is no code. */
function firstWord(...values: unknown[]): string | null {
  const found = values.find((value) => typeof value === 'string' && value !== '' && !/^\d+$/.test(value))
  return typeof found === 'string' ? found : null
}

function text(...values: unknown[]): string | null {
  for (const value of values) {
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number') return String(value)
  }
  return null
}
