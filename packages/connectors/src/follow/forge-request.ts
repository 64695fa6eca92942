// One request to a forge's API: a deadline, a size limit, no redirects that carry the token, no retries, and failures in the terms of the ports.

import type { ForgeFailure, ForgeProblem } from '@slipway/core/ports'
import type { Secret } from '@slipway/core/secret'
import { redact } from '@slipway/git/redact'
import type { ZodType } from 'zod'
import { type TokenHolder, tokenFailure, withToken } from '../hosted/with-token.ts'
import type { Watched } from './forge-watch.ts'

export interface ForgeServer {
  /** For messages. */
  name: 'GitHub' | 'GitLab'
  apiUrl: string
  requestTimeoutMs: number
  headers(token: Secret): Record<string, string>
}

export interface ForgeCall {
  /** Begins a sentence: `Reading the checks of acme/widgets`. */
  doing: string
  method?: 'GET' | 'POST'
  /** Below the API's address, parts encoded. */
  path: string
  body?: Record<string, unknown>
  signal: AbortSignal
}

export interface ForgeRequest {
  json<Value>(call: ForgeCall & { shape: ZodType<Value> }): Promise<Watched<Value>>
  /** All pages of a list, a hundred rows each. */
  list<Value>(call: ForgeCall & { shape: ZodType<Value[]> }): Promise<Watched<Value[]>>
  /** Text, its end when it is longer than this reads. */
  text(call: ForgeCall): Promise<Watched<string>>
}

export interface ForgeRequestOptions {
  server: ForgeServer
  account: TokenHolder
  /** The wall clock, to turn reset times into waits. */
  nowMs(): number
}

const largestJson = 20_000_000
const largestText = 8_000_000
const perPage = 100
const mostPages = 30

type Answer = { status: number; headers: Headers; text: string }
type Sent = { ok: true; answer: Answer } | (ForgeFailure & { isRefusedToken?: boolean })

export function openForgeRequest(options: ForgeRequestOptions): ForgeRequest {
  const { server, account, nowMs } = options

  function send(call: ForgeCall, limit: number): Promise<Sent> {
    return withToken<Sent>(account, (token) => exchange(token, call, limit), {
      isRefused: (sent) => !sent.ok && sent.isRefusedToken === true,
      failed: tokenFailure,
    })
  }

  async function exchange(token: Secret, call: ForgeCall, limit: number): Promise<Sent> {
    const fail = (problem: ForgeProblem, why: string, retryAfterMs: number | null = null): ForgeFailure => ({
      ok: false,
      problem,
      message: redact(`${call.doing} failed: ${why}`, [token.reveal()]).slice(0, 500),
      retryAfterMs,
    })
    try {
      const answer = await fetchOnce(server, token, call, limit)
      const failure = failureOf(server, answer, nowMs(), fail)
      return failure === null ? { ok: true, answer } : { ...failure, isRefusedToken: answer.status === 401 }
    } catch (error) {
      return fail('network', `${server.name} could not be reached (${reasonOf(error, call.signal)}). Try again in a minute.`)
    }
  }

  async function json<Value>(call: ForgeCall & { shape: ZodType<Value> }): Promise<Watched<Value>> {
    const sent = await send(call, largestJson)
    if (!sent.ok) return plain(sent)
    const parsed = call.shape.safeParse(parse(sent.answer.text))
    if (parsed.success) return { ok: true, value: parsed.data }
    const field = parsed.error.issues[0]?.path.join('.') || 'its body'
    const message = `${call.doing} failed: ${server.name}’s answer was cut or lacks ${field}.`
    return { ok: false, problem: 'network', message, retryAfterMs: null }
  }

  return {
    json,
    async list(call) {
      const all = []
      for (let page = 1; page <= mostPages; page++) {
        const path = `${call.path}${call.path.includes('?') ? '&' : '?'}per_page=${perPage}&page=${page}`
        const found = await json({ ...call, path })
        if (!found.ok) return found
        all.push(...found.value)
        if (found.value.length < perPage) break
      }
      return { ok: true, value: all }
    },
    async text(call) {
      const sent = await send(call, largestText)
      return sent.ok ? { ok: true, value: sent.answer.text } : plain(sent)
    },
  }
}

function plain({ ok, problem, message, retryAfterMs }: ForgeFailure): ForgeFailure {
  return { ok, problem, message, retryAfterMs }
}

async function fetchOnce(server: ForgeServer, token: Secret, call: ForgeCall, limit: number): Promise<Answer> {
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(server.requestTimeoutMs)])
  const { method = 'GET', body } = call
  const first = await fetch(`${server.apiUrl}${call.path}`, {
    method,
    signal,
    redirect: 'manual',
    headers: { 'user-agent': 'slipway', ...server.headers(token), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  const target = method === 'GET' ? first.headers.get('location') : null
  if (first.status < 300 || first.status >= 400 || target === null) return read(first, limit)
  // A renamed repository, or a log that lies in a store of its own: only the API itself is shown the token again.
  const url = new URL(target, server.apiUrl)
  const api = new URL(server.apiUrl)
  const isApi = url.origin === api.origin
  const isAllHere = isThisMachine(api) && isThisMachine(url)
  if (url.protocol !== 'https:' && !isApi && !isAllHere) throw new Error('it led to an address without https')
  return read(await fetch(url, { signal, redirect: 'error', ...(isApi && { headers: server.headers(token) }) }), limit)
}

function isThisMachine({ protocol, hostname }: URL): boolean {
  return protocol === 'http:' && (hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname))
}

/** The end of what is longer than the limit. */
async function read(response: Response, limit: number): Promise<Answer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(Buffer.from(chunk))
    bytes += chunk.length
    while (chunks.length > 1 && bytes - (chunks[0]?.length ?? 0) >= limit) bytes -= chunks.shift()?.length ?? 0
  }
  return { status: response.status, headers: response.headers, text: Buffer.concat(chunks).toString('utf8') }
}

type Fail = (problem: ForgeProblem, why: string, retryAfterMs?: number | null) => ForgeFailure

function failureOf({ name }: ForgeServer, { status, headers, text }: Answer, nowMs: number, fail: Fail): ForgeFailure | null {
  if (status < 300) return null
  const said = saidIn(text)
  const isLimited = status === 429 || (status === 403 && (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0'))
  if (isLimited) return fail('rate-limit', `${name} wants to be asked later (${said}).`, waitOf(headers, nowMs))
  if (status === 401) return fail('auth', `${name} does not accept the account’s token. Reconnect it in Settings → Connections.`)
  if (status === 403) return fail('auth', `${name} does not allow it to this account (${said}).`)
  if (status === 404 || status === 410) return fail('not-found', `${name} has no such thing, or this account may not see it (${said}).`)
  if (status >= 500 || status === 408) return fail('network', `${name} answered ${status} (${said}). This usually passes.`)
  return fail(status === 409 ? 'conflict' : 'refused', `${name} answered ${status} (${said}).`)
}

/** `retry-after` in seconds, else the reset time of either forge's counter, else a minute. */
function waitOf(headers: Headers, nowMs: number): number {
  const after = headers.get('retry-after') ?? ''
  if (/^\d{1,6}$/.test(after)) return Number(after) * 1_000
  const reset = Number(headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset') ?? 0)
  return reset > 0 ? Math.max(1_000, reset * 1_000 - nowMs) : 60_000
}

function saidIn(text: string): string {
  const body = parse(text)
  const { message, error } = (body !== null && typeof body === 'object' ? body : {}) as { message?: unknown; error?: unknown }
  const said = typeof message === 'string' ? message : typeof error === 'string' ? error : JSON.stringify(message ?? 'no details')
  return said.replace(/\p{Cc}+/gu, ' ').slice(0, 300)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

function reasonOf(error: unknown, stop: AbortSignal): string {
  if (stop.aborted) return 'the call was stopped'
  if (!(error instanceof Error)) return 'the connection broke'
  return error.name === 'TimeoutError' ? 'it did not answer in time' : error.message
}
