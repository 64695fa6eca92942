// What a failed API call means, in the terms of the Forge port, and whether it may have been carried out all the same.

import type { ForgeFailure, ForgeProblem } from '@slipway/core/ports'
import { redact } from '@slipway/git/redact'
import type { ApiFailure } from '../hosted/hosted-client.ts'

/** An HTTP answer that is not the expected one. */
export interface BadAnswer {
  status: number
  headers: Record<string, string | number | undefined>
  data: unknown
}

export interface FailureContext {
  /** What was being done to what, to start a sentence: `Opening the pull request in acme/widgets`. */
  doing: string
  /** Web address, for the pages where a token is changed. */
  url: string
  hasToken: boolean
  /** Secret texts that an answer might repeat. */
  secrets: string[]
  nowMs: number
}

/** The connection broke, timed out or delivered half an answer. */
export function networkFailure(context: FailureContext, reason: string): ApiFailure {
  const said = clean(reason, context.secrets)
  const message = `${context.doing} failed: ${said}. Check that this machine reaches GitHub, then try again.`
  return { ok: false, failure: problem('network', message), isAnswerLost: true, said }
}

/** Classifies an answer by status, headers and GitHub's message. */
export function answerFailure(context: FailureContext, answer: BadAnswer): ApiFailure {
  const said = clean(messageOf(answer.data), context.secrets)
  const failure = rateLimit(context, answer, said) ?? byStatus(context, answer, said)
  return { ok: false, failure, isAnswerLost: answer.status >= 500 || answer.status === 408, said }
}

function byStatus(context: FailureContext, answer: BadAnswer, said: string): ForgeFailure {
  const { doing } = context
  const { status } = answer
  if (status === 401)
    return problem(
      'auth',
      `${doing} failed: GitHub does not accept the token (${said}). It may be wrong, expired or revoked. ${tokenAdvice(context)}`,
    )
  if (status === 403) return forbidden(context, answer, said)
  if (status === 404) return problem('not-found', notFoundMessage(context, answer))
  if (status === 409 && /repository is empty/i.test(said))
    return problem('empty-repository', `${doing} failed: the repository has no commit yet. Push a first commit to it and try again.`)
  if (status === 409) return problem('conflict', `${doing} failed: ${said}. Something changed at the same time; try again.`)
  if (status === 422) return problem('refused', `${doing} was refused by GitHub: ${said}`)
  if (status >= 300 && status < 400)
    return problem('conflict', `${doing} failed: the repository moved to another name in the meantime. Try again.`)
  if (status >= 500 || status === 408)
    return problem('network', `${doing} failed: GitHub answered ${status} (${said}). This usually passes; try again in a minute.`)
  return problem('refused', `${doing} was refused by GitHub with status ${status}: ${said}`)
}

function forbidden(context: FailureContext, answer: BadAnswer, said: string): ForgeFailure {
  const { doing } = context
  if (/archived/i.test(said))
    return problem('refused', `${doing} was refused: the repository is archived and cannot be changed. Un-archive it in its settings.`)
  const singleSignOn = /url=(https?:\/\/[^\s;,]+)/.exec(header(answer, 'x-github-sso'))?.[1]
  if (singleSignOn)
    return problem(
      'auth',
      `${doing} failed: the organisation wants single sign-on for this token. Authorise it at ${singleSignOn} and try again.`,
    )
  const missing = missingPermission(answer)
  if (missing) return problem('auth', `${doing} failed: the token lacks ${missing}. ${tokenAdvice(context)}`)
  return problem('auth', `${doing} failed: GitHub does not allow it to this token (${said}). ${tokenAdvice(context)}`)
}

/** Fine-grained tokens are told by one header what would have been enough, classic ones by another. */
function missingPermission(answer: BadAnswer): string | null {
  const finegrained = header(answer, 'x-accepted-github-permissions')
  if (finegrained) return `the permission ${finegrained.replaceAll('; ', ' or ').replaceAll('=', ': ')}`
  const wanted = header(answer, 'x-accepted-oauth-scopes')
  if (!wanted || !('x-oauth-scopes' in answer.headers)) return null
  const granted = header(answer, 'x-oauth-scopes').split(', ')
  const scopes = wanted.split(', ')
  return scopes.some((scope) => granted.includes(scope)) ? null : `the scope ${scopes.join(' or ')}`
}

function notFoundMessage(context: FailureContext, answer: BadAnswer): string {
  const missing = missingPermission(answer)
  const reason = context.hasToken
    ? `it does not exist, or the token may not see it${missing ? ` (it lacks ${missing})` : ''}`
    : 'it does not exist, or it is private and no token is set'
  return `${context.doing} failed: ${reason}. Check the name. ${tokenAdvice(context)}`
}

function tokenAdvice(context: FailureContext): string {
  const wanted = 'with Contents and Pull requests: read and write'
  if (!context.hasToken) return `Connect GitHub in Settings → Connections, or set GITHUB_TOKEN to a token ${wanted}.`
  return `Reconnect GitHub in Settings → Connections with an account that has access; a token needs access to this repository ${wanted} (${context.url}/settings/personal-access-tokens; from the environment: set GITHUB_TOKEN).`
}

function rateLimit(context: FailureContext, answer: BadAnswer, said: string): ForgeFailure | null {
  const isLimited =
    answer.status === 429 ||
    (answer.status === 403 &&
      (header(answer, 'retry-after') !== '' || header(answer, 'x-ratelimit-remaining') === '0' || /rate limit/i.test(said)))
  if (!isLimited) return null
  const retryAfterMs = waitOf(context, answer)
  const seconds = Math.ceil(retryAfterMs / 1000)
  return {
    ok: false,
    problem: 'rate-limit',
    message: `${context.doing} has to wait: GitHub's rate limit is used up for ${seconds} s (${said}).`,
    retryAfterMs,
  }
}

/** `retry-after` in seconds, else the reset time when nothing remains, else the minute that GitHub's documentation asks for. */
function waitOf(context: FailureContext, answer: BadAnswer): number {
  const retryAfter = header(answer, 'retry-after')
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * 1000
  const reset = Number(header(answer, 'x-ratelimit-reset'))
  if (header(answer, 'x-ratelimit-remaining') === '0' && reset > 0) return Math.max(reset * 1000 - context.nowMs, 1000)
  return 60_000
}

function header(answer: BadAnswer, name: string): string {
  return String(answer.headers[name] ?? '')
}

function problem(kind: ForgeProblem, message: string): ForgeFailure {
  return { ok: false, problem: kind, message, retryAfterMs: null }
}

/** The message and the details of a validation error, as GitHub words them. */
function messageOf(data: unknown): string {
  if (data === null || typeof data !== 'object') return 'no details'
  const { message, errors } = data as { message?: unknown; errors?: unknown }
  const details = Array.isArray(errors) ? errors.map(detailOf).filter(Boolean) : []
  const text = typeof message === 'string' ? message : 'no details'
  return details.length > 0 ? `${text}: ${details.join('; ')}` : text
}

function detailOf(error: unknown): string {
  if (typeof error === 'string') return error
  if (error === null || typeof error !== 'object') return ''
  const { message, field, code } = error as Record<string, unknown>
  if (typeof message === 'string') return message
  return [field, code].filter((part) => typeof part === 'string').join(' ')
}

function clean(text: string, secrets: string[]): string {
  return redact(text, secrets)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 500)
}
