// One call to Notion's API: the present token, a deadline, no redirects. A write is made once; only what was certainly not carried
// out (401, and 429 for reads) is made again.

import type { Account } from '@slipway/core/accounts'
import type { Clock } from '@slipway/core/ports'
import type { Secret } from '@slipway/core/secret'
import type { ZodType } from 'zod'
import { answerFailure, authFailure, type BadAnswer, limitFailure, networkFailure, type NotionResult } from './notion-failure.ts'
import type { NotionSettings } from './notion-settings.ts'

/** Databases hold data sources since this version. */
export const NOTION_VERSION = '2025-09-03'

const largestAnswerBytes = 16_000_000
const mostWaits = 5

export interface NotionAccess {
  settings: NotionSettings
  account: Pick<Account, 'token'>
  clock: Clock
}

export interface NotionCall<Value> {
  /** To start a sentence: `Reading the page`. */
  doing: string
  method: 'GET' | 'POST' | 'PATCH'
  /** Below `/v1/`. */
  path: string
  query?: Record<string, string | number | undefined>
  body?: Record<string, unknown>
  shape: ZodType<Value>
  /** Searching and querying are POSTs that change nothing. */
  changes: boolean
  signal: AbortSignal
}

export type SendToNotion = <Value>(call: NotionCall<Value>) => Promise<NotionResult<Value>>

/** Remembers until when the account's rate window is full: meanwhile reads wait and writes are not sent. */
export function openNotionTransport({ settings, account, clock }: NotionAccess): SendToNotion {
  let closedUntilMs = 0

  async function send<Value>(call: NotionCall<Value>): Promise<NotionResult<Value>> {
    const patientUntilMs = clock.now() + (call.changes ? 0 : settings.longestWaitMs)
    for (let waits = 0; ; waits++) {
      const waitMs = closedUntilMs - clock.now()
      if (waitMs > 0) {
        if (closedUntilMs > patientUntilMs || waits === mostWaits) return limitFailure(call.doing, waitMs)
        await clock.sleep(waitMs, call.signal)
        if (call.signal.aborted) return networkFailure(call.doing, 'the call was stopped')
      }
      const result = await sendOnce(call)
      if (result.ok || result.problem !== 'rate-limit') return result
      closedUntilMs = Math.max(closedUntilMs, clock.now() + (result.retryAfterMs ?? 0))
      if (closedUntilMs > patientUntilMs) return result
    }
  }

  async function sendOnce<Value>(call: NotionCall<Value>): Promise<NotionResult<Value>> {
    const had = await account.token()
    if (!had.ok) return tokenFailure(call.doing, had)
    const first = await exchange(settings, call, had.token)
    if (!first.isRefusedToken) return first.result
    const fresh = await account.token({ refused: had.token })
    if (!fresh.ok) return tokenFailure(call.doing, fresh)
    if (fresh.token.reveal() === had.token.reveal()) return first.result
    return (await exchange(settings, call, fresh.token)).result
  }

  return send
}

function tokenFailure(doing: string, { problem, message }: { problem: 'reconnect' | 'network'; message: string }) {
  return problem === 'reconnect' ? authFailure(doing, message) : { ...networkFailure(doing, message), isAnswerLost: false }
}

async function exchange<Value>(
  settings: NotionSettings,
  call: NotionCall<Value>,
  token: Secret,
): Promise<{ result: NotionResult<Value>; isRefusedToken: boolean }> {
  const deadline = AbortSignal.timeout(settings.requestTimeoutMs)
  const as = (result: NotionResult<Value>, isRefusedToken = false) => ({ result, isRefusedToken })
  let answer: BadAnswer
  try {
    const response = await fetch(addressOf(settings, call), {
      method: call.method,
      redirect: 'manual',
      headers: {
        authorization: `Bearer ${token.reveal()}`,
        'notion-version': NOTION_VERSION,
        'user-agent': 'slipway',
        ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: AbortSignal.any([call.signal, deadline]),
    })
    answer = { status: response.status, retryAfter: response.headers.get('retry-after'), data: await readJson(response) }
  } catch (error) {
    return as(networkFailure(call.doing, reasonOf(error, call.signal, deadline)))
  }
  if (answer.status >= 300) return as(answerFailure(call.doing, answer, [token.reveal()]), answer.status === 401)
  const parsed = call.shape.safeParse(answer.data)
  if (parsed.success) return as({ ok: true, value: parsed.data })
  const what =
    answer.data === null ? 'the answer broke off or did not come from Notion' : `the answer lacks ${parsed.error.issues[0]?.path.join('.')}`
  return as(networkFailure(call.doing, what))
}

function addressOf(settings: NotionSettings, { path, query = {} }: Pick<NotionCall<unknown>, 'path' | 'query'>): URL {
  const url = new URL(`${settings.apiUrl}/v1/${path}`)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

/** null: not JSON, or half of it. */
async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > largestAnswerBytes) throw new Error('the answer is larger than anything Notion sends')
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
  if (deadline.aborted) return 'Notion did not answer in time'
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error && cause.message ? cause.message : 'the connection broke'
}
