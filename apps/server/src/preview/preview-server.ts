// The second listener: previews and nothing else. Who comes here has a host name of a preview and its cookie, or is sent away.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ConnectResult } from '@slipway/core/ports'
import { safePath } from '../auth/safe-path.ts'
import type { PreviewAddresses } from './addresses.ts'
import { NOT_A_PREVIEW, NOT_HERE, type Notice, sendNotice } from './preview-pages.ts'
import { COOKIE_ATTRIBUTES, PREVIEW_COOKIE, readPreviewCookie } from './proxy-headers.ts'
import { type Exchange, proxyLimits, type ProxyLimits, proxyRequest } from './proxy-request.ts'
import { isWebSocket, proxyUpgrade, refuseUpgrade } from './proxy-upgrade.ts'
import { sandboxSocket } from './sandbox-socket.ts'
import type { Visit, Visits } from './visits.ts'

/** Path of the way in; nothing of the application can be reached below it. */
export const ENTER = '/__slipway/enter'
const OWN = '/__slipway/'

export interface PreviewServerInput {
  addresses: PreviewAddresses
  visits: Visits
  /** Patterns of hosts that pages of previews may reach. */
  hosts: readonly string[]
  /** A connection into the sandbox that shows this preview now. */
  connect(visit: Visit): Promise<ConnectResult>
  limits?: ProxyLimits
}

const REQUEST_MS = 300_000
const HEADERS_MS = 20_000
const HEADER_BYTES = 32 * 1024
const MOST_SOCKETS = 2_000

/** Ready to listen. `closeAll` ends what is open. */
export function previewServer(input: PreviewServerInput): { server: Server; closeAll(): void } {
  const { addresses, visits, limits = proxyLimits } = input
  const upgraded = new Set<Duplex>()

  async function exchangeFor(visit: Visit): Promise<{ ok: true; exchange: Exchange } | { ok: false; notice: Notice }> {
    const { label, port, framedBy, ended } = visit
    const connected = await input.connect(visit).catch((): ConnectResult => gone)
    if (!connected.ok) return { ok: false, notice: noConnection(connected) }
    const place = { origin: addresses.originOf(label), port, framedBy, hosts: input.hosts }
    return { ok: true, exchange: { socket: sandboxSocket(connected.connection), place, limits, ended } }
  }

  function visitOf(request: IncomingMessage, label: string): Visit | null {
    const cookie = readPreviewCookie(request.headers.cookie)
    return cookie === null ? null : visits.find(label, cookie)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const label = addresses.labelOf(request.headers.host)
    // An absolute address would name another host than the header.
    if (label === null || !request.url?.startsWith('/')) return sendNotice(response, NOT_A_PREVIEW, null)
    if (request.url.startsWith(OWN)) return enter(request, response, label)
    const visit = visitOf(request, label)
    if (visit === null) return sendNotice(response, NOT_HERE, null)
    const found = await exchangeFor(visit)
    if (!found.ok) return sendNotice(response, found.notice, visit.framedBy)
    if (response.destroyed) return void found.exchange.socket.destroy()
    proxyRequest(request, response, found.exchange)
  }

  function enter(request: IncomingMessage, response: ServerResponse, label: string): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://preview.invalid')
    const to = safePath(searchParams.get('to') ?? '/')
    const entered =
      request.method === 'GET' && pathname === ENTER && to !== null ? visits.enter(label, searchParams.get('ticket') ?? '') : null
    if (entered === null || to === null) return sendNotice(response, NOT_HERE, null)
    response.writeHead(303, {
      location: to,
      'set-cookie': `${PREVIEW_COOKIE}=${entered.cookie}; ${COOKIE_ATTRIBUTES}`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
    response.end()
  }

  async function upgrade(request: IncomingMessage, browser: Duplex, head: Buffer): Promise<void> {
    const label = addresses.labelOf(request.headers.host)
    const visit = label === null ? null : visitOf(request, label)
    // A page of another origin can open a WebSocket here, but not hide whose page it is.
    const isOwnPage = label !== null && request.headers.origin === addresses.originOf(label)
    if (visit === null || !isOwnPage || request.url?.startsWith(OWN)) return refuseUpgrade(browser, '404 Not Found')
    if (!isWebSocket(request)) return refuseUpgrade(browser, '501 Not Implemented')
    const found = await exchangeFor(visit)
    if (!found.ok) return refuseUpgrade(browser, '503 Service Unavailable')
    if (browser.destroyed) return void found.exchange.socket.destroy()
    proxyUpgrade(request, browser, head, found.exchange)
  }

  const server = createServer(
    { maxHeaderSize: HEADER_BYTES, requestTimeout: REQUEST_MS, headersTimeout: HEADERS_MS },
    (request, response) => {
      answer(request, response).catch(() => response.destroy())
    },
  )
  server.maxConnections = MOST_SOCKETS
  server.on('upgrade', (request: IncomingMessage, browser: Duplex, head: Buffer) => {
    upgraded.add(browser)
    browser.on('error', () => undefined)
    browser.once('close', () => upgraded.delete(browser))
    upgrade(request, browser, head).catch(() => browser.destroy())
  })
  return {
    server,
    closeAll() {
      server.closeAllConnections()
      for (const browser of upgraded) browser.destroy()
    },
  }
}

const gone: ConnectResult = { ok: false, kind: 'refused', message: 'The sandbox has just ended.' }

function noConnection(result: Extract<ConnectResult, { ok: false }>): Notice {
  const { kind, message } = result
  if (kind === 'late') return { status: 504, title: 'The application does not take connections', text: message }
  if (kind === 'too-many')
    return { status: 503, title: 'Too many requests at the same time', text: `${message} Close other tabs of it, then reload.` }
  return { status: 502, title: 'Nothing answers here yet', text: message }
}
