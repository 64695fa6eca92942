// A small HTTP server that speaks a model provider's streaming API. It records what it was asked and breaks where it is told to.

import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Brain, DoubleFault, DoubleReply, DoubleRequest, ModelApi } from './brain.ts'
import { makeAnthropicWire } from './wire-anthropic.ts'
import { googleWire } from './wire-google.ts'
import { ollamaWire } from './wire-ollama.ts'
import { openaiChatWire } from './wire-openai-chat.ts'
import { openaiResponsesWire } from './wire-openai-responses.ts'
import type { Frame, ProviderError, Wire } from './wire.ts'
import { asObject } from './wire.ts'

const DOUBLE_KEY = 'double-key-0123456789abcdef'

export interface ModelDouble {
  /** Without a version path. */
  url: string
  key: string
  /** Calls that reached the brain, in order. */
  requests: DoubleRequest[]
  /** Every request, pages and refused ones included: `POST /v1/messages 200`. */
  seen: string[]
  /** Resolves when the client has closed the socket of the latest unfinished answer. */
  nextSocketClosed(): Promise<void>
  close(): Promise<void>
}

/** Listens on a free loopback port. Refuses other keys than `key` as the provider does. */
export async function startModelDouble(options: { api: ModelApi; brain: Brain; key?: string }): Promise<ModelDouble> {
  const wire = wireFor(options.api)
  const key = options.key ?? DOUBLE_KEY
  const requests: DoubleRequest[] = []
  const seen: string[] = []
  let waiting: (() => void)[] = []

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/'
    const rawBody = await readBody(request)
    const body = parse(rawBody)
    response.on('close', () => {
      seen.push(`${request.method} ${path} ${response.statusCode}`)
      if (response.writableFinished) return
      waiting.forEach((done) => done())
      waiting = []
    })
    if (!wire.hasKey(request.headers, key)) return send(response, wire.wrongKey())
    if (!wire.isCall(request.method ?? '', path)) {
      const page = wire.page({ method: request.method ?? '', path, body })
      return page
        ? send(response, { status: page.status, body: JSON.stringify(page.body) })
        : sendError(response, wire, { status: 404, code: null, message: 'not found' })
    }
    const refused = wire.refuse(body, request.headers)
    if (refused) return sendError(response, wire, refused)
    const asked: DoubleRequest = {
      api: options.api,
      index: requests.length,
      path,
      headers: flat(request),
      rawBody,
      body,
      ...wire.read(body, path),
    }
    requests.push(asked)
    await answer(response, wire, asked, await options.brain(asked))
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server has one
  return {
    url: `http://127.0.0.1:${port}`,
    key,
    requests,
    seen,
    nextSocketClosed: () => new Promise((resolve) => waiting.push(resolve)),
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function wireFor(api: ModelApi): Wire {
  switch (api) {
    case 'anthropic':
      return makeAnthropicWire()
    case 'openai-responses':
      return openaiResponsesWire
    case 'openai-chat':
      return openaiChatWire
    case 'google':
      return googleWire
    case 'ollama':
      return ollamaWire
  }
}

async function answer(response: ServerResponse, wire: Wire, request: DoubleRequest, reply: DoubleReply): Promise<void> {
  const fault = reply.fault ?? {}
  if (fault.reset) return void response.socket?.resetAndDestroy()
  if (fault.stall) return
  if (fault.overflow) return sendError(response, wire, wire.overflow, fault)
  if (fault.status !== undefined)
    return sendError(response, wire, { status: fault.status, code: fault.code ?? null, message: fault.message ?? null }, fault)
  response.writeHead(200, { 'content-type': wire.contentType, 'cache-control': 'no-cache', ...fault.headers })
  // A provider's head comes long before its first piece.
  response.flushHeaders()
  const frames = reply.recorded?.map((line) => ({ data: wire.framed(line), characters: 0 })) ?? wire.frames(request, reply)
  await stream(response, wire, frames, reply)
}

async function stream(response: ServerResponse, wire: Wire, frames: Frame[], reply: DoubleReply): Promise<void> {
  const fault = reply.fault ?? {}
  const limit = fault.cutAfter?.characters ?? fault.stallAfter ?? fault.errorAfter?.characters ?? Number.POSITIVE_INFINITY
  let shown = 0
  for (const frame of frames) {
    // The frames after the last piece of content say that the answer is complete; a broken one never says so.
    if (shown + frame.characters > limit || (shown >= limit && frame.characters === 0)) return breakOff(response, wire, fault)
    for (const hold of reply.holds ?? []) if (shown + frame.characters > hold.characters) await hold.until
    shown += frame.characters
    if (reply.paceMs && frame.characters > 0) await sleep(reply.paceMs)
    if (response.destroyed) return
    if (!response.write(frame.data)) await drained(response)
  }
  response.end()
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })
}

async function breakOff(response: ServerResponse, wire: Wire, fault: DoubleFault): Promise<void> {
  if (fault.stallAfter !== undefined) return
  if (fault.errorAfter) {
    response.write(
      wire.errorFrame({ status: fault.errorAfter.status, code: fault.errorAfter.code ?? null, message: fault.errorAfter.message ?? null }),
    )
    return void response.end()
  }
  if (fault.cutAfter?.clean) return void response.end()
  // What was written must have left before the socket dies.
  await new Promise((resolve) => response.write('', resolve))
  response.socket?.resetAndDestroy()
}

function sendError(response: ServerResponse, wire: Wire, error: ProviderError, fault: DoubleFault = {}): void {
  const headers = { ...(fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) }), ...fault.headers }
  send(response, { status: error.status, body: fault.body ?? wire.errorBody(error) }, headers)
}

function send(response: ServerResponse, refusal: { status: number; body: string }, headers: Record<string, string> = {}): void {
  const contentType = refusal.body.startsWith('<') ? 'text/html' : 'application/json'
  response.writeHead(refusal.status, { 'content-type': contentType, ...headers }).end(refusal.body)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer) // no encoding is set on this stream
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return {}
  }
}

function flat(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}
