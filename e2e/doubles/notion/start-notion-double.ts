// A Notion in one process: the calls that Slipway makes, with the rules that matter, and what tests do behind its back.

import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { createFaultPlan, type Fault, type FaultOrder } from '../github/faults.ts'
import { type Answer, errorAnswer, rateLimited, unauthorized } from './answer.ts'
import {
  createState,
  type DoubleBlock,
  type DoubleComment,
  type DoublePage,
  type DoubleToken,
  type DoubleWrite,
  makeProperty,
  type PropertyType,
  propertyOf,
  shownValue,
  sourceOf,
} from './double-state.ts'
import { answerRoute } from './routes.ts'

interface RecordedRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: Record<string, unknown>
}

type GivenBlock = { type: string; content: Record<string, unknown>; children?: GivenBlock[] }

export interface NotionDouble {
  /** What NOTION_API_URL is set to. */
  url: string
  requests: RecordedRequest[]
  /** Every write that took place, in order. */
  writes: DoubleWrite[]
  fail(order: FaultOrder): void
  /** From now on this many requests are answered in each window. */
  limit(input: { requests: number; windowMs: number }): void
  addToken(
    token: string,
    options?: Partial<Pick<DoubleToken, 'canWrite' | 'canComment' | 'ownerUserId'>> & { hidden?: string[] },
  ): DoubleToken
  revoke(token: string): void
  addUser(name: string): string
  addDatabase(
    title: string,
    properties: Record<string, PropertyType | { type: 'status' | 'select'; options: string[] }>,
  ): { databaseId: string; dataSourceId: string; ids: Record<string, string> }
  /** `values` by name, as people see them. */
  addPage(dataSourceId: string, values: Record<string, unknown>, blocks?: GivenBlock[]): string
  setValue(pageId: string, name: string, value: unknown): void
  /** What the page shows, by name. */
  shown(pageId: string): Record<string, string>
  rename(dataSourceId: string, from: string, to: string): void
  comments(pageId: string): DoubleComment[]
  comment(pageId: string, authorId: string, text: string): void
  trash(pageId: string): void
  /** Deleted for good: nothing finds it any more. */
  erase(pageId: string): void
  close(): Promise<void>
}

const versions = ['2025-09-03', '2026-03-11']

export async function startNotionDouble(options: { token: string; addsStatusOptions?: boolean }): Promise<NotionDouble> {
  const state = createState(options.addsStatusOptions ?? true)
  const faults = createFaultPlan([])
  const requests: RecordedRequest[] = []
  const window = { requests: Number.POSITIVE_INFINITY, windowMs: 60_000, startedAt: 0, used: 0 }

  function answerFor(request: RecordedRequest): Answer {
    const token = state.tokens.find((known) => request.headers['authorization'] === `Bearer ${known.token}`)
    if (token === undefined) return unauthorized()
    const limited = overLimit()
    if (limited !== null) return limited
    const version = request.headers['notion-version']
    if (version === undefined)
      return errorAnswer(
        400,
        'missing_version',
        'Notion-Version header failed validation: Notion-Version header should be defined, instead was `undefined`.',
      )
    if (!versions.includes(version))
      return errorAnswer(400, 'validation_error', `Notion-Version header failed validation: this double knows ${versions.join(' and ')}.`)
    const url = new URL(request.path, 'http://notion')
    if (!url.pathname.startsWith('/v1/')) return errorAnswer(400, 'invalid_request_url', 'Invalid request URL.')
    return answerRoute(state, {
      method: request.method,
      path: url.pathname.slice('/v1/'.length),
      query: url.searchParams,
      body: request.body,
      token,
    })
  }

  function overLimit(): Answer | null {
    const now = performance.now()
    if (now - window.startedAt >= window.windowMs) Object.assign(window, { startedAt: now, used: 0 })
    window.used += 1
    if (window.used <= window.requests) return null
    return rateLimited((window.startedAt + window.windowMs - now) / 1000)
  }

  async function exchange(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJson(incoming)
    const request = { method: incoming.method ?? 'GET', path: incoming.url ?? '/', headers: flat(incoming), body: body ?? {} }
    requests.push(request)
    if (body === null) return send(response, errorAnswer(400, 'invalid_json', 'Error parsing JSON body.'))
    const fault = faults.take(request.method, request.path)
    if (fault?.kind === 'slow') await delay(fault.delayMs)
    const early = fault === null ? null : instead(fault, incoming)
    if (early === 'drop') return void response.destroy()
    if (early !== null) return send(response, early)
    if (fault?.kind === 'meanwhile' && fault.when !== 'after') await fault.run()
    const answer = answerFor(request)
    if (fault?.kind === 'silence') return
    if (fault?.kind === 'meanwhile' && fault.when === 'after') await fault.run()
    if (fault !== null && 'when' in fault && fault.when === 'after')
      return fault.kind === 'status' ? send(response, serverError(fault.status)) : void response.destroy()
    send(response, answer, fault?.kind === 'cut')
  }

  const server = createServer((request, response) => {
    exchange(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  // A connection that is closed for having rested, just as it is used again, would be a fault that no test has ordered.
  server.keepAliveTimeout = 600_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const pageOf = (id: string): DoublePage => state.pages.find((page) => page.id === id) ?? missing(`page ${id}`)
  const sourceAt = (id: string) => sourceOf(state, id) ?? missing(`data source ${id}`)
  const stored = (page: DoublePage, name: string, value: unknown): [string, unknown] => {
    const property = propertyOf(sourceAt(page.sourceId), name) ?? missing(`property ${name}`)
    if (property.options.length === 0) return [property.id, value]
    return [
      property.id,
      value === null ? null : (property.options.find((option) => option.name === value)?.id ?? missing(`option ${String(value)}`)),
    ]
  }
  const double: NotionDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    writes: state.writes,
    fail: (order) => faults.order(order),
    limit: (input) => void Object.assign(window, input, { startedAt: 0, used: 0 }),
    addToken(token, { hidden = [], ...given } = {}) {
      const made = { token, ownerUserId: null, canWrite: true, canComment: true, hidden: new Set(hidden), botId: randomUUID(), ...given }
      state.tokens.push(made)
      return made
    },
    revoke: (token) =>
      void state.tokens.splice(
        state.tokens.findIndex((known) => known.token === token),
        1,
      ),
    addUser(name) {
      const id = randomUUID()
      state.users.set(id, name)
      return id
    },
    addDatabase(title, given) {
      const properties = Object.entries(given).map(([name, kind]) =>
        typeof kind === 'string' ? makeProperty(name, kind, []) : makeProperty(name, kind.type, kind.options),
      )
      const source = { id: randomUUID(), databaseId: randomUUID(), title, properties, createdAt: state.nowIso(), isGone: false }
      state.sources.push(source)
      return {
        databaseId: source.databaseId,
        dataSourceId: source.id,
        ids: Object.fromEntries(properties.map(({ name, id }) => [name, id])),
      }
    },
    addPage(dataSourceId, values, blocks = []) {
      const now = state.nowIso()
      const page: DoublePage = {
        id: randomUUID(),
        sourceId: dataSourceId,
        values: {},
        blocks: blocks.map(madeBlock),
        isGone: false,
        createdAt: now,
        editedAt: now,
      }
      page.values = Object.fromEntries(Object.entries(values).map(([name, value]) => stored(page, name, value)))
      state.pages.push(page)
      return page.id
    },
    setValue(pageId, name, value) {
      const page = pageOf(pageId)
      const [id, kept] = stored(page, name, value)
      page.values[id] = kept
      page.editedAt = state.nowIso()
    },
    shown(pageId) {
      const page = pageOf(pageId)
      return Object.fromEntries(
        sourceAt(page.sourceId).properties.map((property) => [property.name, shownValue(property, page.values[property.id])]),
      )
    },
    rename(dataSourceId, from, to) {
      const property = propertyOf(sourceAt(dataSourceId), from) ?? missing(`property ${from}`)
      property.name = to
    },
    comments: (pageId) => state.comments.filter((comment) => comment.pageId === pageId),
    comment: (pageId, authorId, text) => void state.comments.push({ id: randomUUID(), pageId, authorId, text, createdAt: state.nowIso() }),
    trash: (pageId) => void (pageOf(pageId).isGone = true),
    erase: (pageId) => void state.pages.splice(state.pages.indexOf(pageOf(pageId)), 1),
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  double.addToken(options.token)
  return double
}

function missing(what: string): never {
  throw new Error(`The double has no ${what}.`)
}

function madeBlock({ type, content, children = [] }: GivenBlock): DoubleBlock {
  return { id: randomUUID(), type, content, children: children.map(madeBlock) }
}

const serverError = (status: number): Answer =>
  errorAnswer(status, status === 503 ? 'service_unavailable' : 'internal_server_error', 'Unexpected error occurred.')

/** What a fault answers before anything is carried out; null when the request goes on. */
function instead(fault: Fault, request: IncomingMessage): Answer | 'drop' | null {
  switch (fault.kind) {
    case 'drop':
      return fault.when === 'before' ? 'drop' : null
    case 'status':
      return fault.when === 'before' ? serverError(fault.status) : null
    case 'rate-limit':
      return rateLimited(fault.resetInSeconds)
    case 'secondary-rate-limit':
      return rateLimited(fault.retryAfterSeconds)
    case 'echo-authorization':
      return errorAnswer(401, 'unauthorized', `API token is invalid: ${request.headers.authorization ?? ''}`)
    case 'say':
      return errorAnswer(fault.status, 'validation_error', fault.message)
    case 'silence':
    case 'meanwhile':
    case 'cut':
    case 'slow':
      return null
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer, isCut = false): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': String(bytes.length), ...headers })
  if (isCut) response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
  else response.end(bytes)
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

function flat(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
}
