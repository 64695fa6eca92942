// One request to the double from arrival to answer.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { type Answer, errorAnswer } from './answer.ts'
import type { DoubleState } from './double-state.ts'
import type { Fault, FaultPlan } from './faults.ts'
import { answerGit, gitPath } from './git-backend.ts'
import { answerGraphql } from './graphql-draft.ts'
import { answerRest } from './rest-routes.ts'
import type { Addresses } from './shapes.ts'
import { answerLog } from './talk-routes.ts'

export interface RecordedRequest {
  method: string
  /** Path and query. */
  path: string
  headers: Record<string, string>
  body: Record<string, unknown>
  /** Left out: git, or nothing was carried out. */
  answer?: Answer
}

export interface Exchange {
  addresses: Addresses
  state: DoubleState
  faults: FaultPlan
  requests: RecordedRequest[]
  request: IncomingMessage
  response: ServerResponse
}

/** Records the request, lets a fault have its way, and answers git or the API. */
export async function answerExchange(exchange: Exchange): Promise<void> {
  const { request, response, addresses } = exchange
  const target = new URL(request.url ?? '/', addresses.url)
  const isGit = gitPath.test(target.pathname)
  const body = isGit ? {} : await readJson(request)
  if (body === null) return send(response, errorAnswer(400, 'Problems parsing JSON'))
  const method = request.method ?? 'GET'
  const pathAndQuery = target.pathname + target.search
  const recorded: RecordedRequest = { method, path: pathAndQuery, headers: flatHeaders(request), body }
  exchange.requests.push(recorded)
  const fault = exchange.faults.take(method, pathAndQuery)
  if (fault?.kind === 'slow') await delay(fault.delayMs)
  if (isGit && fault?.kind === 'say') {
    request.resume()
    return void response.writeHead(fault.status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${fault.message}\n`)
  }
  const early = fault && answerInstead(fault, request)
  if (early === 'drop') return void response.destroy()
  if (early) return send(response, early)
  const isLost = fault !== null && losesAnswer(fault)
  if (fault?.kind === 'meanwhile' && fault.when === 'before') await fault.run()
  if (fault?.kind === 'meanwhile' && fault.when === 'during') void fault.run()
  if (isGit) await answerGit({ state: exchange.state, url: addresses.url, request, response, isMuted: isLost })
  const result = isGit ? null : await route(exchange, target, method, body)
  if (result) recorded.answer = result
  if (fault?.kind === 'silence') return
  if (isLost && fault.kind === 'meanwhile') await fault.run()
  if (fault?.kind === 'drop' || (isLost && fault.kind === 'meanwhile')) return void response.destroy()
  if (fault?.kind === 'status' && isLost) return send(response, errorAnswer(fault.status, 'Server Error'))
  if (result && fault?.kind === 'cut') return sendHalf(response, result)
  if (result) send(response, result)
}

function route(exchange: Exchange, target: URL, method: string, body: Record<string, unknown>): Answer | Promise<Answer> {
  const authorization = exchange.request.headers.authorization ?? null
  if (target.pathname === '/api/graphql') return answerGraphql(exchange.state, authorization, body)
  if (target.pathname.startsWith('/logs/')) return answerLog(exchange.state.logs, target.pathname, authorization)
  if (!target.pathname.startsWith('/api/v3/')) return errorAnswer(404, 'Not Found')
  const request = { method, path: target.pathname.slice('/api/v3'.length), query: target.searchParams, authorization, body }
  return answerRest({ addresses: exchange.addresses, state: exchange.state }, request)
}

/** The request is carried out and its own answer never sent. */
function losesAnswer(fault: Fault): boolean {
  return fault.kind === 'silence' || ('when' in fault && fault.when === 'after')
}

/** What a fault answers before anything is carried out; null when the request goes on. */
function answerInstead(fault: Fault, request: IncomingMessage): Answer | 'drop' | null {
  switch (fault.kind) {
    case 'drop':
      return fault.when === 'before' ? 'drop' : null
    case 'status':
      return fault.when === 'before' ? errorAnswer(fault.status, 'Server Error') : null
    case 'rate-limit': {
      const reset = Math.ceil(Date.now() / 1000) + fault.resetInSeconds
      const headers = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) }
      return errorAnswer(403, 'API rate limit exceeded for user ID 1.', headers)
    }
    case 'secondary-rate-limit':
      return errorAnswer(403, 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.', {
        'retry-after': String(fault.retryAfterSeconds),
      })
    case 'echo-authorization':
      return errorAnswer(401, `Bad credentials: ${request.headers.authorization ?? ''}`)
    case 'say':
      return errorAnswer(fault.status, fault.message)
    case 'silence':
    case 'meanwhile':
    case 'cut':
    case 'slow':
      return null
  }
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
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': String(bytes.length), ...headers })
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

function flatHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
}
