// What a failed call to GitLab means, in the terms of the Forge port, and whether it may have been carried out all the same.

import type { ForgeFailure, ForgeProblem } from '@slipway/core/ports'
import { redact } from '@slipway/git/redact'
import type { ApiFailure } from '../hosted/hosted-client.ts'

export interface BadAnswer {
  status: number
  headers: Headers
  data: unknown
}

const reconnect = 'Reconnect GitLab in Settings → Connections (a token needs the scope api).'

/** The connection broke, timed out or delivered half an answer. */
export function networkFailure(doing: string, reason: string): ApiFailure {
  const said = clean(reason, [])
  const message = `${doing} failed: ${said}. Check that this machine reaches GitLab, then try again.`
  return { ok: false, failure: problem('network', message), isAnswerLost: true, said }
}

/** Classifies an answer by status, headers and GitLab's message. `secrets` are texts that an answer might repeat. */
export function answerFailure(doing: string, answer: BadAnswer, context: { secrets: string[]; nowMs: number }): ApiFailure {
  const said = clean(messageOf(answer.data), context.secrets)
  const failure = answer.status === 429 ? rateLimit(doing, answer, context.nowMs) : byStatus(doing, answer, said)
  return { ok: false, failure, isAnswerLost: answer.status >= 500 || answer.status === 408, said }
}

function byStatus(doing: string, { status, data }: BadAnswer, said: string): ForgeFailure {
  if (status === 401)
    return problem('auth', `${doing} failed: GitLab does not accept the token (${said}). It may be wrong, expired or revoked. ${reconnect}`)
  if (status === 403 && isMissingScope(data)) return problem('auth', `${doing} failed: the token lacks the scope api. ${reconnect}`)
  if (status === 403)
    return problem(
      'auth',
      `${doing} failed: GitLab does not allow it to this account (${said}). Ask for the role Developer in the project, or connect another account in Settings → Connections.`,
    )
  if (status === 404)
    return problem(
      'not-found',
      `${doing} failed: it does not exist, or the connected account may not see it. Check the name, or connect another account in Settings → Connections.`,
    )
  if (status === 409) return problem('conflict', `${doing} was refused by GitLab: ${said}`)
  if (status >= 300 && status < 400)
    return problem('conflict', `${doing} failed: GitLab sent the call elsewhere. Set GITLAB_URL to the address where it is now.`)
  if (status >= 500 || status === 408)
    return problem('network', `${doing} failed: GitLab answered ${status} (${said}). This usually passes; try again in a minute.`)
  return problem('refused', `${doing} was refused by GitLab: ${said}`)
}

function isMissingScope(data: unknown): boolean {
  return data !== null && typeof data === 'object' && 'error' in data && data.error === 'insufficient_scope'
}

function rateLimit(doing: string, { headers }: BadAnswer, nowMs: number): ForgeFailure {
  const retryAfterMs = waitOf(headers, nowMs)
  const message = `${doing} has to wait: GitLab takes no more requests for ${Math.ceil(retryAfterMs / 1000)} s.`
  return { ok: false, problem: 'rate-limit', message, retryAfterMs }
}

/** `Retry-After` in seconds, else the reset time, else GitLab's usual window of a minute. */
function waitOf(headers: Headers, nowMs: number): number {
  const retryAfter = headers.get('retry-after') ?? ''
  if (/^\d{1,6}$/.test(retryAfter)) return Math.max(Number(retryAfter) * 1000, 1)
  const reset = Number(headers.get('ratelimit-reset') ?? 0)
  return reset > 0 ? Math.max(reset * 1000 - nowMs, 1000) : 60_000
}

function problem(kind: ForgeProblem, message: string): ForgeFailure {
  return { ok: false, problem: kind, message, retryAfterMs: null }
}

/** GitLab words errors as a text, a list of texts, or lists by field; OAuth adds a form of its own. */
function messageOf(data: unknown): string {
  if (data === null || typeof data !== 'object') return 'no details'
  const { message, error, error_description: description } = data as Record<string, unknown>
  return textOf(message) || textOf(description) || textOf(error) || 'no details'
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join('; ')
  if (value === null || typeof value !== 'object') return ''
  return Object.entries(value)
    .map(([field, problems]) => `${field} ${textOf(problems)}`.trim())
    .join('; ')
}

function clean(text: string, secrets: string[]): string {
  return redact(text, secrets)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 500)
}
