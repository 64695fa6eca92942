// What a failed call to Notion means, and whether it may have been carried out all the same.

import { redact } from '@slipway/git/redact'

/**
 * auth: the account must be connected again. forbidden: the integration lacks a capability. not-found: it does not exist or is not
 * shared with the integration. gone: it is in the trash or archived. refused: the call was wrong. conflict: try again.
 */
export type NotionProblem = 'auth' | 'forbidden' | 'not-found' | 'gone' | 'refused' | 'conflict' | 'rate-limit' | 'network'

export interface NotionFailure {
  ok: false
  problem: NotionProblem
  message: string
  /** Only with `rate-limit`. */
  retryAfterMs: number | null
  /** true: Notion may have done it, only the answer is missing. Look before calling again. */
  isAnswerLost: boolean
}

export type NotionResult<Value> = { ok: true; value: Value } | NotionFailure

export interface BadAnswer {
  status: number
  retryAfter: string | null
  data: unknown
}

export const reconnectAdvice = 'Reconnect Notion in Settings → Connections.'

/** Notion counts requests in windows of a minute. */
const windowMs = 60_000
const overloadMs = 10_000

/** The connection broke, timed out or delivered half an answer. */
export function networkFailure(doing: string, reason: string): NotionFailure {
  return failure('network', `${doing} failed: ${clean(reason)}. Check that this machine reaches Notion, then try again.`, {
    isAnswerLost: true,
  })
}

/** Nothing was sent. */
export function limitFailure(doing: string, retryAfterMs: number): NotionFailure {
  return failure('rate-limit', `${doing} has to wait: Notion takes no more requests for ${Math.ceil(retryAfterMs / 1000)} s.`, {
    retryAfterMs,
  })
}

export function authFailure(doing: string, reason: string): NotionFailure {
  return failure('auth', `${doing} failed: ${clean(reason)} ${reason.includes('Settings') ? '' : reconnectAdvice}`.trim())
}

/** Classifies an answer by its status and Notion's error code. */
export function answerFailure(doing: string, answer: BadAnswer, secrets: string[]): NotionFailure {
  const { status } = answer
  const { code, message } = errorOf(answer.data)
  const said = clean(redact(message, secrets))
  if (status === 401) return authFailure(doing, `Notion does not accept the token (${said}). It may have been revoked.`)
  if (status === 429 || status === 529 || code === 'rate_limited') return limitFailure(doing, waitOf(answer))
  if (status === 403)
    return failure(
      'forbidden',
      `${doing} failed: the integration is not allowed to (${said}). Give it the capability in Notion’s settings.`,
    )
  if (status === 404)
    return failure(
      'not-found',
      `${doing} failed: it does not exist, or is not shared with the integration. In Notion, open it → ••• → Connections, and add the integration.`,
    )
  if (status === 409) return failure('conflict', `${doing} failed: something changed at the same time (${said}). Try again.`)
  if (status === 400 && /\b(archived|in trash|in the trash)\b/i.test(said))
    return failure('gone', `${doing} failed: the page is archived or in the trash. Restore it in Notion, then try again.`)
  if (status >= 500 || status === 408)
    return failure('network', `${doing} failed: Notion answered ${status} (${said}). This usually passes; try again in a minute.`, {
      isAnswerLost: true,
    })
  if (status >= 300 && status < 400)
    return failure('refused', `${doing} failed: the address of Notion’s API leads elsewhere. Set NOTION_API_URL to where it is.`)
  return failure('refused', `${doing} was refused by Notion: ${said}`)
}

function failure(problem: NotionProblem, message: string, more: { retryAfterMs?: number; isAnswerLost?: boolean } = {}): NotionFailure {
  return { ok: false, problem, message, retryAfterMs: more.retryAfterMs ?? null, isAnswerLost: more.isAnswerLost ?? false }
}

function waitOf({ status, retryAfter }: BadAnswer): number {
  if (retryAfter !== null && /^\d{1,6}(\.\d+)?$/.test(retryAfter)) return Math.max(Number(retryAfter) * 1000, 1)
  return status === 529 ? overloadMs : windowMs
}

function errorOf(data: unknown): { code: string; message: string } {
  const { code, message } = (data !== null && typeof data === 'object' ? data : {}) as { code?: unknown; message?: unknown }
  return { code: typeof code === 'string' ? code : '', message: typeof message === 'string' ? message : 'no details' }
}

function clean(text: string): string {
  return redact(text)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 500)
}
