// An application that tries what an application in a preview must not get away with. Runs in a sandbox as `node -e`.

export const APP_PORT = 4100

export const hostileApp = `
const { createServer } = require('node:http')
const { createHash } = require('node:crypto')
const answers = {
  '/echo'(request, response) {
    let body = ''
    request.on('data', (chunk) => (body += chunk)).on('end', () => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }))
    })
  },
  '/reach'(request, response) {
    response.writeHead(200, [
      ['set-cookie', 'own=1; Path=/; Domain=localhost; SameSite=Strict'], ['set-cookie', '__Host-slipway-preview=stolen; Path=/; Secure'],
      ['set-cookie', 'slipway.session_token=forged; Domain=localhost; Path=/'], ['set-cookie', '__Secure-Slipway.session_token=forged; Domain=localhost'],
      ['x-frame-options', 'DENY'], ['strict-transport-security', 'max-age=1; includeSubDomains'], ['clear-site-data', '"*"'], ['alt-svc', 'h2="evil.test:443"'],
      ['content-security-policy', "default-src 'self'; frame-ancestors https://evil.test; upgrade-insecure-requests, img-src *"],
      ['connection', 'close, x-hop'], ['x-hop', '1'], ['keep-alive', 'timeout=9'], ['x-own', 'kept'],
    ].flat())
    response.end('ok')
  },
  '/redirect': (request, response) => response.writeHead(302, { location: 'http://localhost:${APP_PORT}/there?x=1' }).end(),
  '/away': (request, response) => response.writeHead(302, { location: 'https://evil.test/' }).end(),
  '/endless'(request, response) {
    const piece = Buffer.alloc(65536)
    const go = () => { while (!response.destroyed && response.write(piece)); }
    response.on('drain', go)
    go()
  },
  '/hang': () => {},
  '/silent': (request, response) => response.write('a little'),
  '/two': (request, response) => request.socket.end('HTTP/1.1 200 OK\\r\\ncontent-length: 3\\r\\n\\r\\noneHTTP/1.1 200 OK\\r\\ncontent-length: 3\\r\\n\\r\\ntwo'),
  '/both': (request, response) => request.socket.end('HTTP/1.1 200 OK\\r\\ncontent-length: 3\\r\\ntransfer-encoding: chunked\\r\\n\\r\\n3\\r\\none\\r\\n0\\r\\n\\r\\n'),
  '/garbage': (request, response) => request.socket.end('not http at all\\r\\n\\r\\n'),
  '/headers': (request, response) => request.socket.end('HTTP/1.1 200 OK\\r\\nx: ' + 'y'.repeat(100000) + '\\r\\n\\r\\n'),
  '/switch': (request, response) => request.socket.end('HTTP/1.1 101 Switching Protocols\\r\\nconnection: upgrade\\r\\nupgrade: evil\\r\\n\\r\\nbytes'),
}
const server = createServer((request, response) => (answers[request.url.split('?')[0]] ?? ((q, s) => s.writeHead(404).end('none')))(request, response))
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64')
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSet-Cookie: ws=1; Domain=localhost\\r\\nSec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n')
  const say = (text) => socket.write(Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]))
  say('hello ' + request.headers.host)
  socket.on('data', () => say('heard')).on('error', () => {})
})
server.listen(${APP_PORT}, '127.0.0.1', () => console.log('ready'))
`
