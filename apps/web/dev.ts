// Pages while they are written: `next dev` with a running API behind the same address, so cookies, streams and origins
// are as they will be. With `--home` every request to the API carries that installation's token: no sign-in needed.
//
//   node apps/web/dev.ts [--port 3001] [--api http://127.0.0.1:3000] [--home ~/.slipway]

import { readFileSync } from 'node:fs'
import { createServer, request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import next from 'next'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3001' },
    api: { type: 'string', default: 'http://127.0.0.1:3000' },
    home: { type: 'string' },
  },
})
const api = new URL(values.api)
const token = values.home === undefined ? null : readFileSync(join(values.home, 'api-token'), 'utf8').trim()

const app = next({ dev: true, dir: import.meta.dirname, hostname: '127.0.0.1', port: Number(values.port) })
await app.prepare()
const toPages = app.getRequestHandler()
const upgradePages = app.getUpgradeHandler()

const server = createServer((incoming, answer) => {
  if (!isForApi(incoming)) return void toPages(incoming, answer)
  const outgoing = request({
    host: api.hostname,
    port: api.port,
    method: incoming.method,
    path: incoming.url,
    headers: headersFor(incoming),
  })
  outgoing.on('response', (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers)
    response.pipe(answer)
  })
  outgoing.on('error', (error) => answer.writeHead(502).end(`The API at ${api.origin} cannot be reached: ${error.message}`))
  incoming.pipe(outgoing)
})

server.on('upgrade', (incoming, socket, head) => {
  if (!isForApi(incoming)) return void upgradePages(incoming, socket, head)
  const upstream = connect(Number(api.port), api.hostname, () => {
    const lines = Object.entries(headersFor(incoming)).map(([name, value]) => `${name}: ${String(value)}`)
    upstream.write(`GET ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    upstream.write(head)
    upstream.pipe(socket).pipe(upstream)
  })
  upstream.on('error', () => socket.destroy())
  socket.on('error', () => upstream.destroy())
})

server.listen(Number(values.port), '127.0.0.1', () => console.log(`http://127.0.0.1:${values.port} with the API at ${api.origin}`))

function isForApi({ url = '/' }: IncomingMessage): boolean {
  return url.startsWith('/api/')
}

function headersFor({ headers }: IncomingMessage): OutgoingHttpHeaders {
  return {
    ...headers,
    host: api.host,
    ...(headers.origin === undefined ? {} : { origin: api.origin }),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  }
}
