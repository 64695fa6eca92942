// git's own http-backend behind a request, for the doubles of forges.

import { spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import { isolatedGitEnvironment } from '../github/git-command.ts'

export interface BackendCall {
  request: IncomingMessage
  response: ServerResponse
  /** The work is done and nothing is sent. */
  isMuted: boolean
  /** A bare repository. */
  directory: string
  login: string | null
  service: string
  query: string
}

/** Answers one request of git's smart HTTP protocol; who may do it was decided before. */
export function runBackend(call: BackendCall): Promise<void> {
  const header = (name: string) => String(call.request.headers[name] ?? '')
  const contentLength = header('content-length')
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      ...isolatedGitEnvironment,
      GIT_PROJECT_ROOT: call.directory,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${call.service}`,
      REQUEST_METHOD: call.request.method ?? 'GET',
      QUERY_STRING: call.query,
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
      ...(contentLength && { CONTENT_LENGTH: contentLength }),
      ...(call.login && { REMOTE_USER: call.login }),
    },
  })
  // git closes its input early when it refuses; that is no failure of the double.
  child.stdin.on('error', () => {})
  call.request.pipe(child.stdin)
  relayCgi(child.stdout, call.isMuted ? null : call.response)
  return new Promise((resolve) => child.on('close', () => resolve()))
}

/** CGI output is a header block, an empty line, then the body. */
function relayCgi(output: NodeJS.ReadableStream, response: ServerResponse | null): void {
  let head: Buffer | null = Buffer.alloc(0)
  output.on('data', (chunk: Buffer) => {
    if (head === null) return void response?.write(chunk)
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    if (response) sendHead(response, head.subarray(0, end).toString(), head.subarray(end + 4))
    head = null
  })
  output.on('end', () => response?.end())
}

function sendHead(response: ServerResponse & Writable, head: string, rest: Buffer): void {
  const fields = head.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const)
  const status = fields.find(([name]) => name.toLowerCase() === 'status')?.[1]
  for (const [name, value] of fields) if (name.toLowerCase() !== 'status') response.setHeader(name, value)
  response.writeHead(status ? Number.parseInt(status, 10) : 200)
  response.write(rest)
}
