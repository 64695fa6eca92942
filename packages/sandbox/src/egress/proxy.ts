// The only way out of a sandbox: a proxy on a unix socket. Default deny; see gate.ts for what is let through.

import { chmodSync, chownSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock, EgressDecision, EgressPolicy } from '@slipway/core/ports'
import { egressAdvice } from '@slipway/core/policy/egress-advice'
import { foldDecisions } from './fold.ts'
import { type DenyReason, openGate, type Resolve } from './gate.ts'
import { type CanonicalHost, canonicalHost, splitAuthority } from './host-name.ts'
import { parseRules } from './rules.ts'
import { guardTunnel } from './tunnel.ts'

const MAX_CONNECTIONS = 256
const DIAL_LIMIT_MS = 15_000
const IDLE_LIMIT_MS = 300_000
/** A request's head has to be there by then. */
const HEAD_LIMIT_MS = 15_000
/** A refused client that does not hang up is cut off then. */
const LINGER_MS = 1_000
const HOP_BY_HOP = new Set([
  'connection',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

export interface EgressInput {
  socketPath: string
  /** Made the socket's owner when given. */
  owner: { uid: number; gid: number } | null
  policy: EgressPolicy
  phase: EgressDecision['phase']
  allowPrivate: string[]
  resolve: Resolve
  clock: Clock
  onDecision(decision: EgressDecision): void
}

export interface Egress {
  setPolicy(policy: EgressPolicy, phase: EgressDecision['phase']): void
  close(): Promise<void>
}

/** Listens on the socket until closed. Throws when a pattern of the policy is malformed. */
export async function openEgress(input: EgressInput): Promise<Egress> {
  let policy = input.policy
  let phase = input.phase
  let rules = parseRules(policy.allow)
  let uploaded = 0
  const gate = openGate(input)
  const fold = foldDecisions(input.clock, input.onDecision)
  const sockets = new Set<Duplex>()

  const note = (host: string, port: number, decision: 'allowed' | 'denied', reason: string): void =>
    fold.add({ host: host.slice(0, 253).replace(/[^\x21-\x7e]/g, '?'), port, decision, reason, phase })
  /** False when the sandbox has sent all it may. */
  const spendUpload = (bytes: number): boolean => {
    uploaded += bytes
    return uploaded <= policy.uploadLimitBytes
  }

  type Judged = { ok: true; host: CanonicalHost; address: string } | { ok: false; reason: DenyReason }
  async function judge(authority: { host: string; port: number } | null, raw: string): Promise<Judged> {
    const host = authority && canonicalHost(authority.host)
    const shown = host?.name ?? raw
    const port = authority?.port ?? 0
    const deny = (reason: DenyReason): Judged => {
      note(shown, port, 'denied', reason)
      return { ok: false, reason }
    }
    if (!authority || !host) return deny('malformed-host')
    if (sockets.size > MAX_CONNECTIONS) return deny('too-many-connections')
    if (uploaded > policy.uploadLimitBytes) return deny('upload-limit')
    const verdict = await gate(rules, host, port)
    return verdict.ok ? { ok: true, host, address: verdict.address } : deny(verdict.reason)
  }

  async function tunnel(request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    const authority = splitAuthority(request.url ?? '', null)
    const judged = await judge(authority, request.url ?? '')
    if (!judged.ok || !authority) return refuseTunnel(client, { reason: judged.ok ? 'malformed-host' : judged.reason, phase })
    const upstream = await dial(judged.address, authority.port)
    if (!upstream) {
      client.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
      return
    }
    track(upstream)
    upstream.setTimeout(IDLE_LIMIT_MS, () => upstream.destroy())
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    guardTunnel({
      client,
      upstream,
      head,
      host: judged.host,
      spendUpload,
      onOpen: () => note(judged.host.name, authority.port, 'allowed', 'allow-list'),
      onDeny: (reason) => note(judged.host.name, authority.port, 'denied', reason),
    })
  }

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = request.url ?? ''
    const target = /^http:\/\/([^/?#]*)(.*)$/i.exec(raw)
    if (!target) {
      note(String(request.headers.host ?? '?'), 0, 'denied', 'not-a-proxy-request')
      return refuse(response, { reason: 'not-a-proxy-request', phase })
    }
    const authority = splitAuthority(target[1] as string, 80)
    const judged = await judge(authority, target[1] as string)
    if (!judged.ok || !authority) return refuse(response, { reason: judged.ok ? 'malformed-host' : judged.reason, phase })
    const path = target[2] === '' ? '/' : (target[2] as string).replace(/^(?=[?#])/, '/')
    const outgoing = httpRequest({
      host: judged.address,
      port: authority.port,
      method: request.method ?? 'GET',
      path,
      setHost: false,
      agent: false,
      timeout: IDLE_LIMIT_MS,
      headers: { ...forwardedHeaders(request), host: target[1] as string, connection: 'close', ...bodyHeaders(request) },
    })
    note(judged.host.name, authority.port, 'allowed', 'allow-list')
    outgoing.on('socket', (socket) => track(socket))
    outgoing.on('timeout', () => outgoing.destroy())
    outgoing.on('response', (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, forwardedHeaders(incoming))
      incoming.pipe(response)
      incoming.on('error', () => response.destroy())
    })
    outgoing.on('error', () => {
      if (response.headersSent) response.destroy()
      else response.writeHead(502, { 'content-length': '0' }).end()
    })
    request.on('data', (chunk: Buffer) => {
      if (spendUpload(chunk.length)) return
      note(judged.host.name, authority.port, 'denied', 'upload-limit')
      outgoing.destroy()
      request.destroy()
    })
    request.on('error', () => outgoing.destroy())
    response.on('close', () => outgoing.destroy())
    request.pipe(outgoing)
  }

  function track(socket: Duplex): void {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  }

  const server = createServer(
    { maxHeaderSize: 32 * 1024, insecureHTTPParser: false, headersTimeout: HEAD_LIMIT_MS, connectionsCheckingInterval: HEAD_LIMIT_MS / 3 },
    (request, response) => void forward(request, response).catch(() => response.destroy()),
  )
  server.on('connect', (request, client, head) => void tunnel(request, client, head).catch(() => client.destroy()))
  // Descriptors are the whole process's: one sandbox must not use up those of all.
  server.maxConnections = MAX_CONNECTIONS
  server.on('drop', () => note('?', 0, 'denied', 'too-many-connections'))
  server.on('connection', track)
  server.on('clientError', (_, socket) => socket.destroy())
  rmSync(input.socketPath, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(input.socketPath, resolve)
  })
  chmodSync(input.socketPath, 0o666)
  if (input.owner) chownSync(input.socketPath, input.owner.uid, input.owner.gid)

  return {
    setPolicy(next, nextPhase) {
      rules = parseRules(next.allow)
      fold.flush()
      policy = next
      phase = nextPhase
      // What was opened under the old rules does not outlive them.
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      fold.flush()
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

interface Refusal {
  reason: DenyReason
  phase: EgressDecision['phase']
}

function refuseTunnel(client: Duplex, refusal: Refusal): void {
  const { reason } = refusal
  const body = denyText(refusal)
  client.on('error', () => client.destroy())
  const late = setTimeout(() => client.destroy(), LINGER_MS)
  client.once('close', () => clearTimeout(late))
  client.end(
    `HTTP/1.1 403 Forbidden\r\nx-slipway-deny-reason: ${reason}\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  const { reason } = refusal
  const body = denyText(refusal)
  response.writeHead(403, {
    'x-slipway-deny-reason': reason,
    'content-type': 'text/plain',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  })
  response.end(body)
}

function denyText({ reason, phase }: Refusal): string {
  const advice = egressAdvice(phase, reason)
  return `Slipway refused this connection: ${reason}.${advice === null ? '' : ` ${advice}`}\n`
}

function dial(address: string, port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, allowHalfOpen: true, noDelay: true, timeout: DIAL_LIMIT_MS })
    const give = (result: Socket | null): void => {
      socket.removeAllListeners()
      socket.setTimeout(0)
      if (!result) {
        socket.on('error', () => undefined)
        socket.destroy()
      }
      resolve(result)
    }
    socket.once('connect', () => give(socket))
    socket.once('timeout', () => give(null))
    socket.once('error', () => give(null))
  })
}

function forwardedHeaders(message: IncomingMessage): Record<string, string | string[]> {
  const dropped = new Set([
    ...HOP_BY_HOP,
    ...String(message.headers.connection ?? '')
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  ])
  return Object.fromEntries(
    Object.entries(message.headers).filter(
      (entry): entry is [string, string | string[]] => entry[1] !== undefined && !dropped.has(entry[0]),
    ),
  )
}

/** Without a length the body goes out in chunks; without a body, with neither. */
function bodyHeaders(request: IncomingMessage): Record<string, string> {
  return request.headers['transfer-encoding'] ? { 'transfer-encoding': 'chunked' } : {}
}
