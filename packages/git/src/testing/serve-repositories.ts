// git over HTTP on loopback with real git behind it, for tests.

import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface GitServer {
  url: string
  /** Authorization headers as they arrived. */
  authorizations: (string | undefined)[]
  /** Cuts the connection after the next push was carried out, so that its answer is lost. */
  loseNextPushAnswer(): void
  redirectTo: string | null
  close(): Promise<void>
}

/** Serves the bare repositories below `root`; wants basic authentication when a password is given. */
export async function serveRepositories(root: string, options: { username: string; password: string } | null): Promise<GitServer> {
  let losesAnswer = false
  const server = createServer((request, response) => {
    const authorization = request.headers.authorization
    served.authorizations.push(authorization)
    const address = new URL(request.url ?? '/', 'http://localhost')
    if (served.redirectTo !== null) {
      response.writeHead(302, { location: `${served.redirectTo}${request.url}` }).end()
      return
    }
    if (options && authorization !== `Basic ${Buffer.from(`${options.username}:${options.password}`).toString('base64')}`) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end(`denied: ${authorization}`)
      return
    }
    const isPush = request.method === 'POST' && address.pathname.endsWith('/git-receive-pack')
    const child = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env['PATH'],
        HOME: '/dev/null',
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        REMOTE_USER: 'tester',
        REMOTE_ADDR: '127.0.0.1',
        PATH_INFO: address.pathname,
        QUERY_STRING: address.search.slice(1),
        REQUEST_METHOD: request.method ?? 'GET',
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        CONTENT_LENGTH: request.headers['content-length'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      },
    })
    child.stdin.on('error', () => {})
    request.pipe(child.stdin)
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('close', () => {
      if (isPush && losesAnswer) {
        losesAnswer = false
        request.socket.destroy()
        return
      }
      const whole = Buffer.concat(chunks)
      const end = whole.indexOf('\r\n\r\n')
      const headers = whole
        .subarray(0, end)
        .toString('latin1')
        .split('\r\n')
        .map((line) => line.split(': ') as [string, string])
      const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200'
      response
        .writeHead(Number.parseInt(status, 10), Object.fromEntries(headers.filter(([name]) => name !== 'Status')))
        .end(whole.subarray(end + 4))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const served: GitServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authorizations: [],
    redirectTo: null,
    loseNextPushAnswer() {
      losesAnswer = true
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return served
}
