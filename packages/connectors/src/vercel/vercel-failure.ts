// What a failed call to Vercel means, and whether it may have been carried out all the same.

import { redact } from '@slipway/git/redact'

/** payment: the plan does not allow it. */
export type VercelProblem = 'auth' | 'forbidden' | 'not-found' | 'refused' | 'conflict' | 'payment' | 'rate-limit' | 'network'

export interface VercelFailure {
  ok: false
  problem: VercelProblem
  message: string
  /** Only with `rate-limit`. */
  retryAfterMs: number | null
  /** true: Vercel may have done it, only the answer is missing. Look before calling again. */
  isAnswerLost: boolean
}

export type VercelResult<Value> = { ok: true; value: Value } | VercelFailure

export interface BadAnswer {
  status: number
  headers: Headers
  data: unknown
}

const usualWaitMs = 60_000

/** The connection broke, timed out or delivered half an answer. */
export function networkFailure(doing: string, reason: string, isAnswerLost = true): VercelFailure {
  return failure('network', `${doing} failed: ${clean(reason)}. Check that this machine reaches Vercel, then try again.`, { isAnswerLost })
}

export function authFailure(doing: string, reason: string): VercelFailure {
  return failure('auth', `${doing} failed: ${clean(reason)}`)
}

/** Classifies an answer by its status and Vercel's error code. */
export function answerFailure(doing: string, answer: BadAnswer, input: { secrets: string[]; nowMs: number }): VercelFailure {
  const { status } = answer
  const { code, message } = errorOf(answer.data)
  const said = clean(redact(message, input.secrets))
  if (status === 401 || code === 'invalid_token')
    return authFailure(doing, `Vercel does not accept the token (${said}). Reconnect Vercel in Settings → Connections.`)
  if (status === 429) {
    const retryAfterMs = waitOf(answer, input.nowMs)
    const message = `${doing} has to wait: Vercel takes no more requests for ${Math.ceil(retryAfterMs / 1000)} s (${said}).`
    return failure('rate-limit', message, { retryAfterMs })
  }
  if (status === 402) return failure('payment', `${doing} was refused: the plan of this Vercel account does not allow it (${said}).`)
  if (status === 403)
    return failure(
      'forbidden',
      `${doing} failed: this Vercel account may not do that (${said}). Ask for access to the project or its team.`,
    )
  if (status === 404)
    return failure('not-found', `${doing} failed: it does not exist, or this Vercel account cannot see it. Check the project and its team.`)
  if (status === 409) return failure('conflict', `${doing} failed: something else is under way (${said}). Try again when it is done.`)
  if (status >= 500 || status === 408)
    return failure('network', `${doing} failed: Vercel answered ${status} (${said}). This usually passes; try again in a minute.`, {
      isAnswerLost: true,
    })
  if (status >= 300 && status < 400)
    return failure('refused', `${doing} failed: the address of Vercel’s API leads elsewhere. Set VERCEL_API_URL to where it is.`)
  return failure('refused', `${doing} was refused by Vercel: ${said}`)
}

function failure(problem: VercelProblem, message: string, more: { retryAfterMs?: number; isAnswerLost?: boolean } = {}): VercelFailure {
  return { ok: false, problem, message, retryAfterMs: more.retryAfterMs ?? null, isAnswerLost: more.isAnswerLost ?? false }
}

/** `retry-after` in seconds, else the moment at which the limit is reset, in seconds since the epoch. */
function waitOf({ headers }: BadAnswer, nowMs: number): number {
  const retryAfter = headers.get('retry-after') ?? ''
  if (/^\d{1,6}$/.test(retryAfter)) return Math.max(Number(retryAfter) * 1000, 1)
  const reset = Number(headers.get('x-ratelimit-reset') ?? 0)
  return reset > 0 ? Math.max(reset * 1000 - nowMs, 1000) : usualWaitMs
}

function errorOf(data: unknown): { code: string; message: string } {
  const { error } = (data !== null && typeof data === 'object' ? data : {}) as { error?: unknown }
  const { code, message } = (error !== null && typeof error === 'object' ? error : {}) as { code?: unknown; message?: unknown }
  return { code: typeof code === 'string' ? code : '', message: typeof message === 'string' ? message : 'no details' }
}

function clean(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 500)
}
