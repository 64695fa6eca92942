// A web server that knows nothing of Slipway: plain files by the rules of docs/web.md, and `/api/` sent on to another address.

import { readFile } from 'node:fs/promises'
import { createServer, request, type IncomingMessage, type RequestOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import type { Duplex } from 'node:stream'

export interface PageServer {
  url: string
  close(): Promise<void>
}

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
}

/** `port`: where it listens. `api`: where `/api/` goes. */
export async function startPageServer({ folder, api, port }: { folder: string; api: URL; port: number }): Promise<PageServer> {
  const policy = (await readFile(join(folder, 'content-security-policy.txt'), 'utf8')).trim()
  const sockets = new Set<Duplex>()
  const server = createServer((incoming, answer) => {
    if (incoming.url?.startsWith('/api/')) {
      const onward = request(towards(incoming, api), (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers)
        got.pipe(answer)
      })
      onward.on('error', () => answer.destroy())
      incoming.pipe(onward)
      return
    }
    findFile(folder, incoming.url ?? '/').then(
      ({ status, path, content }) => {
        const type = TYPES[extname(path)] ?? 'application/octet-stream'
        answer.writeHead(status, { 'content-type': type, 'content-security-policy': policy }).end(content)
      },
      () => answer.destroy(),
    )
  })
  server.on('upgrade', (incoming, socket: Duplex, head) => {
    const onward = request(towards(incoming, api)).end()
    sockets.add(socket)
    onward.on('upgrade', (got, far) => {
      const headers = got.rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${got.rawHeaders[at + 1]}`] : []))
      socket.write(['HTTP/1.1 101 Switching Protocols', ...headers, '', ''].join('\r\n'))
      far.write(head)
      far.pipe(socket).pipe(far)
      far.on('error', () => socket.destroy())
      socket.on('error', () => far.destroy()).on('close', () => far.destroy())
    })
    onward.on('response', () => socket.destroy()).on('error', () => socket.destroy())
  })
  // As nginx has it. Node's five seconds, and one more, end a connection just when a slow test asks again.
  server.keepAliveTimeout = 75_000
  await new Promise<void>((done) => void server.listen(port, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      await new Promise((done) => void server.close(done))
    },
  }
}

function towards({ method, url, headers, socket }: IncomingMessage, api: URL): RequestOptions {
  return {
    host: api.hostname,
    port: api.port,
    path: url ?? '/',
    method: method ?? 'GET',
    headers: { ...headers, 'x-forwarded-for': socket.remoteAddress },
  }
}

async function findFile(folder: string, address: string): Promise<{ status: number; path: string; content: Buffer }> {
  const [pathname = '/'] = address.split('?')
  const decoded = decodeURIComponent(pathname).replace(/^\/(sessions|plans|shared)\/[^/.]+(\.txt|\/.*)?$/, '/$1/_$2')
  for (const path of [decoded, `${decoded}.html`, join(decoded, 'index.html')]) {
    const content = await readFile(join(folder, path)).catch(() => null)
    if (content !== null) return { status: 200, path, content }
  }
  return { status: 404, path: '/404.html', content: await readFile(join(folder, '404.html')) }
}
