// One call to Vercel's API: the present token, a deadline, no redirects. A call is made again only when it was certainly not
// carried out, because the token was refused.

import type { Secret } from '@slipway/core/secret'
import type { ZodType } from 'zod'
import { type TokenHolder, withToken } from '../hosted/with-token.ts'
import { answerFailure, authFailure, type BadAnswer, networkFailure, type VercelResult } from './vercel-failure.ts'

const largestAnswerBytes = 16_000_000

export interface VercelAccess {
  /** Without a trailing slash, and without a credential. */
  apiUrl: string
  holder: TokenHolder
  /** The team whose projects are meant; null: the account's own. */
  teamId: string | null
  /** Upper bound for each request. */
  requestTimeoutMs: number
  /** Milliseconds since the epoch, to turn reset times into waits. */
  nowMs(): number
}

export interface VercelCall<Value> {
  /** To start a sentence: `Reading the deployment`. */
  doing: string
  method: 'GET' | 'POST' | 'PATCH'
  /** Begins with a slash and the version. */
  path: string
  query?: Record<string, string | number | undefined>
  /** About whoever has the token, in whatever team. */
  isOfAccount?: boolean
  body?: unknown
  shape: ZodType<Value>
  signal: AbortSignal
}

export type SendToVercel = <Value>(call: VercelCall<Value>) => Promise<VercelResult<Value>>

export function openVercelTransport(access: VercelAccess): SendToVercel {
  return async function send<Value>(call: VercelCall<Value>): Promise<VercelResult<Value>> {
    type Exchange = { result: VercelResult<Value>; isRefusedToken: boolean }
    const { result } = await withToken<Exchange>(access.holder, (token) => exchange(access, call, token), {
      isRefused: ({ isRefusedToken }) => isRefusedToken,
      failed: ({ problem, message }) => ({
        result: problem === 'reconnect' ? authFailure(call.doing, message) : networkFailure(call.doing, message, false),
        isRefusedToken: false,
      }),
    })
    return result
  }
}

async function exchange<Value>(
  { apiUrl, teamId, requestTimeoutMs, nowMs }: VercelAccess,
  call: VercelCall<Value>,
  token: Secret,
): Promise<{ result: VercelResult<Value>; isRefusedToken: boolean }> {
  const as = (result: VercelResult<Value>, isRefusedToken = false) => ({ result, isRefusedToken })
  const deadline = AbortSignal.timeout(requestTimeoutMs)
  const url = new URL(`${apiUrl}${call.path}`)
  for (const [name, value] of Object.entries({ ...call.query, ...(teamId !== null && !call.isOfAccount && { teamId }) }))
    if (value !== undefined) url.searchParams.set(name, String(value))
  let answer: BadAnswer
  try {
    const response = await fetch(url, {
      method: call.method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${token.reveal()}`,
        'user-agent': 'slipway',
        ...(call.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      signal: AbortSignal.any([call.signal, deadline]),
    })
    answer = { status: response.status, headers: response.headers, data: await readJson(response) }
  } catch (error) {
    return as(networkFailure(call.doing, reasonOf(error, call.signal, deadline)))
  }
  if (answer.status >= 300) {
    const failed = answerFailure(call.doing, answer, { secrets: [token.reveal()], nowMs: nowMs() })
    return as(failed, failed.problem === 'auth')
  }
  const parsed = call.shape.safeParse(answer.data)
  if (parsed.success) return as({ ok: true, value: parsed.data })
  const field = parsed.error.issues[0]?.path.join('.')
  return as(networkFailure(call.doing, field ? `the answer lacks ${field}` : 'the answer broke off or did not come from Vercel'))
}

/** null: not JSON, half of it, or nothing. */
async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > largestAnswerBytes) throw new Error('the answer is larger than anything Vercel sends')
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
  if (deadline.aborted) return 'Vercel did not answer in time'
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && cause.message ? cause.message : 'the connection broke'
}
