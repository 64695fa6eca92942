// Carries a WebSocket into a sandbox, such as the one by which a development server reloads its page.

import type { IncomingMessage } from 'node:http'
import { type Duplex, pipeline } from 'node:stream'
import { askInside, type Exchange } from './proxy-request.ts'

/** What the other side needs to take the WebSocket for its own; nothing else of the answer passes. */
const PASSED = ['sec-websocket-accept', 'sec-websocket-protocol', 'sec-websocket-extensions'] as const

/** Whether this asks for a WebSocket and for nothing else. */
export function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket'
}

/** `browser` is the raw connection; `head` what had come on it already. */
export function proxyUpgrade(request: IncomingMessage, browser: Duplex, head: Buffer, exchange: Exchange): void {
  const { socket, limits, ended } = exchange
  let inward
  try {
    inward = askInside(request, exchange, { connection: 'Upgrade', upgrade: 'websocket' })
  } catch {
    socket.destroy()
    return refuseUpgrade(browser, '400 Bad Request')
  }
  inward.on('error', () => {
    socket.destroy()
    refuseUpgrade(browser, '502 Bad Gateway')
  })
  const cut = (): void => {
    clearTimeout(late)
    socket.destroy()
    browser.destroy()
  }
  const late = setTimeout(cut, limits.firstByteMs)
  if (ended.aborted) return cut()
  ended.addEventListener('abort', cut, { once: true })
  browser.once('close', () => {
    ended.removeEventListener('abort', cut)
    clearTimeout(late)
    socket.destroy()
  })
  inward.on('response', (answer) => {
    socket.destroy()
    refuseUpgrade(browser, answer.statusCode === 404 ? '404 Not Found' : '502 Bad Gateway')
  })
  inward.on('upgrade', (answer, inside: Duplex, insideHead: Buffer) => {
    clearTimeout(late)
    const lines = PASSED.flatMap((name) => (answer.headers[name] === undefined ? [] : [`${name}: ${answer.headers[name]}`]))
    browser.write(['HTTP/1.1 101 Switching Protocols', 'connection: Upgrade', 'upgrade: websocket', ...lines, '', ''].join('\r\n'))
    if (insideHead.length > 0) browser.write(insideHead)
    if (head.length > 0) inside.write(head)
    pipeline(inside, browser, inside, () => cut())
  })
  inward.end()
}

export function refuseUpgrade(browser: Duplex, status: string): void {
  if (browser.writable) browser.write(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
  browser.destroySoon?.()
}

declare module 'node:stream' {
  interface Duplex {
    /** Sockets have it: closes after what was written is out. */
    destroySoon?(): void
  }
}
