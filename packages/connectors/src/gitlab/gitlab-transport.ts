// One call to GitLab's API: the present token, a deadline, no redirects. Only what was certainly not carried out (401) is made again.

import type { Secret } from '@slipway/core/secret'
import type { ZodType } from 'zod'
import type { ApiResult } from '../hosted/hosted-client.ts'
import { type TokenHolder, tokenFailure, withToken } from '../hosted/with-token.ts'
import { answerFailure, networkFailure } from './gitlab-failure.ts'
import type { GitlabSettings } from './gitlab-settings.ts'

const largestAnswerBytes = 32_000_000

export interface GitlabAccess {
  settings: GitlabSettings
  account: TokenHolder
  /** The wall clock, needed to turn reset times into waits. */
  nowMs(): number
}

export interface GitlabCall<Value> {
  /** To start a sentence: `Looking up acme/widgets`. */
  doing: string
  method: 'GET' | 'POST' | 'PUT'
  /** Below `/api/v4/`; what people typed is encoded. */
  path: string
  query?: Record<string, string | number | boolean>
  body?: Record<string, unknown>
  shape: ZodType<Value>
  signal: AbortSignal
}

export interface GitlabAnswer<Value> {
  value: Value
  nextPage: number | null
}

export type SendToGitlab = <Value>(call: GitlabCall<Value>) => Promise<ApiResult<GitlabAnswer<Value>>>

interface Sent<Value> {
  result: ApiResult<GitlabAnswer<Value>>
  isRefusedToken: boolean
}

export function openGitlabTransport(access: GitlabAccess): SendToGitlab {
  return async function send<Value>(call: GitlabCall<Value>) {
    const sent = await withToken<Sent<Value>>(access.account, (token) => exchange(access, call, token), {
      isRefused: ({ isRefusedToken }) => isRefusedToken,
      failed: (problem) => ({
        result: { ok: false, failure: tokenFailure(problem), isAnswerLost: false, said: '' },
        isRefusedToken: false,
      }),
    })
    return sent.result
  }
}

async function exchange<Value>({ settings, nowMs }: GitlabAccess, call: GitlabCall<Value>, token: Secret): Promise<Sent<Value>> {
  const deadline = AbortSignal.timeout(settings.requestTimeoutMs)
  const as = (result: Sent<Value>['result'], isRefusedToken = false) => ({ result, isRefusedToken })
  let response: Response
  let data: unknown
  try {
    response = await fetch(addressOf(settings, call), {
      method: call.method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${token.reveal()}`,
        accept: 'application/json',
        'user-agent': 'slipway',
        ...(call.body && { 'content-type': 'application/json' }),
      },
      ...(call.body && { body: JSON.stringify(call.body) }),
      signal: AbortSignal.any([call.signal, deadline]),
    })
    data = await readJson(response)
  } catch (error) {
    return as(networkFailure(call.doing, reasonOf(error, call.signal, deadline)))
  }
  const { status, headers } = response
  if (status >= 300)
    return as(answerFailure(call.doing, { status, headers, data }, { secrets: [token.reveal()], nowMs: nowMs() }), status === 401)
  const parsed = call.shape.safeParse(data)
  if (parsed.success) return as({ ok: true, value: { value: parsed.data, nextPage: Number(headers.get('x-next-page')) || null } })
  const what =
    data === null
      ? 'the answer broke off or did not come from GitLab'
      : `the answer lacks ${parsed.error.issues[0]?.path.join('.') || 'a field'}`
  return as(networkFailure(call.doing, what))
}

function addressOf(settings: GitlabSettings, { path, query = {} }: Pick<GitlabCall<unknown>, 'path' | 'query'>): URL {
  const url = new URL(`${settings.url}/api/v4/${path}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
  return url
}

/** null: not JSON, or half of it. */
async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > largestAnswerBytes) throw new Error('the answer is larger than anything GitLab sends')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return null
  }
}

function reasonOf(error: unknown, stop: AbortSignal, deadline: AbortSignal): string {
  if (stop.aborted) return 'the call was stopped'
  if (deadline.aborted) return 'GitLab did not answer in time'
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && cause.message ? cause.message : 'the connection broke'
}
