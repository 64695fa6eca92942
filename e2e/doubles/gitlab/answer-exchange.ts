// One request to the double from arrival to answer.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { RecordedRequest } from '../github/answer-exchange.ts'
import type { Fault, FaultPlan } from '../github/faults.ts'
import { type Answer, errorAnswer, notFound } from './answer.ts'
import type { DoubleState } from './double-state.ts'
import { answerGit, gitPath } from './git-backend.ts'
import { answerApi } from './routes.ts'

export interface Exchange {
  /** With the path that GitLab lies at. */
  url: string
  state: DoubleState
  faults: FaultPlan
  requests: RecordedRequest[]
  request: IncomingMessage
  response: ServerResponse
}

/** Records the request, lets a fault have its way, and answers git or the API. */
export async function answerExchange(exchange: Exchange): Promise<void> {
  const { request, response, url } = exchange
  const target = new URL(request.url ?? '/', url)
  const prefix = new URL(url).pathname.replace(/\/$/, '')
  const pathname = target.pathname.startsWith(`${prefix}/`) ? target.pathname.slice(prefix.length) : null
  const isGit = pathname !== null && gitPath.test(pathname)
  const body = isGit ? {} : await readJson(request)
  if (body === null) return send(response, errorAnswer(400, 'The request body is not JSON'))
  const method = request.method ?? 'GET'
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const recorded: RecordedRequest = { method, path: target.pathname + target.search, headers, body }
  exchange.requests.push(recorded)
  const fault = exchange.faults.take(method, target.pathname + target.search)
  if (fault?.kind === 'slow') await delay(fault.delayMs)
  const early = fault && answerInstead(fault, headers)
  if (early === 'drop') return void response.destroy()
  if (early) {
    request.resume()
    return send(response, early)
  }
  const isLost = fault !== null && losesAnswer(fault)
  if (fault?.kind === 'meanwhile' && fault.when === 'before') await fault.run()
  if (fault?.kind === 'meanwhile' && fault.when === 'during') void fault.run()
  const query = target.searchParams
  if (isGit) await answerGit({ ...exchange, pathname, query, isMuted: isLost })
  const result = isGit ? null : await route(exchange, pathname, { method, query, headers, body })
  if (result) recorded.answer = result
  if (fault?.kind === 'silence') return
  if (isLost && fault.kind === 'meanwhile') await fault.run()
  if (fault?.kind === 'drop' || (isLost && fault.kind === 'meanwhile')) return void response.destroy()
  if (fault?.kind === 'status' && isLost) return send(response, errorAnswer(fault.status, '500 Internal Server Error'))
  if (result && fault?.kind === 'cut') return sendHalf(response, result)
  if (result) send(response, result)
}

function route(
  { url, state }: Exchange,
  pathname: string | null,
  request: Pick<Parameters<typeof answerApi>[2], 'method' | 'query' | 'headers' | 'body'>,
): Answer | Promise<Answer> {
  if (!pathname?.startsWith('/api/v4/')) return notFound()
  return answerApi(url, state, { ...request, path: pathname.slice('/api/v4'.length) })
}

/** The request is carried out and its own answer never sent. */
function losesAnswer(fault: Fault): boolean {
  return fault.kind === 'silence' || ('when' in fault && fault.when === 'after')
}

/** What a fault answers before anything is carried out; null when the request goes on. */
function answerInstead(fault: Fault, headers: Record<string, string>): Answer | 'drop' | null {
  switch (fault.kind) {
    case 'drop':
      return fault.when === 'before' ? 'drop' : null
    case 'status':
      return fault.when === 'before' ? errorAnswer(fault.status, '500 Internal Server Error') : null
    case 'rate-limit':
      return limited({ 'ratelimit-remaining': '0', 'ratelimit-reset': String(Math.ceil(Date.now() / 1000) + fault.resetInSeconds) })
    case 'secondary-rate-limit':
      return limited({ 'retry-after': String(fault.retryAfterSeconds) })
    case 'echo-authorization':
      return errorAnswer(401, `401 Unauthorized: ${headers['authorization'] ?? ''}`)
    case 'say':
      return errorAnswer(fault.status, fault.message)
    case 'silence':
    case 'meanwhile':
    case 'cut':
    case 'slow':
      return null
  }
}

function limited(headers: Record<string, string>): Answer {
  return errorAnswer(429, 'Retry later', headers)
}

function send(response: ServerResponse, answer: Answer): void {
  response.end(sendHead(response, answer))
}

function sendHalf(response: ServerResponse, answer: Answer): void {
  const bytes = sendHead(response, answer)
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
}

function sendHead(response: ServerResponse, { status, headers, body }: Answer): Buffer {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers })
  return bytes
}

/** null: not a JSON object. */
async function readJson(request: IncomingMessage): Promise<Record<string, unknown> | null> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
