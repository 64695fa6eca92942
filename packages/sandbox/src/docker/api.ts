// Docker's HTTP API on its unix socket: the dozen calls that sandboxes need. See docs/decisions/0003-docker-client.md.

import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import type { Duplex } from 'node:stream'

const CALL_LIMIT_MS = 60_000

export class DockerError extends Error {
  readonly code = 'docker-error'
  readonly status: number
  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DockerError'
    this.status = status
  }
}

export interface DockerApi {
  /** Sends and receives JSON. Throws DockerError with the daemon's words; status 0 when it does not answer. */
  call(method: string, path: string, body?: unknown, options?: { timeoutMs: number }): Promise<unknown>
  /** Opens the raw stream of a container's standard input and output. */
  attach(containerId: string): Promise<Duplex>
}

/** A client for the daemon behind the socket. */
export function dockerApi(socketPath: string): DockerApi {
  function send(method: string, path: string, headers: Record<string, string>): ClientRequest {
    return httpRequest({ socketPath, method, path: `/v1.41${path}`, headers: { host: 'docker', ...headers }, agent: false })
  }

  return {
    call(method, path, body, options) {
      const text = body === undefined ? '' : JSON.stringify(body)
      return new Promise((resolve, reject) => {
        const request = send(
          method,
          path,
          body === undefined
            ? { 'content-length': '0' }
            : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) },
        )
        const timeoutMs = options?.timeoutMs ?? CALL_LIMIT_MS
        if (timeoutMs > 0) request.setTimeout(timeoutMs, () => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)))
        request.once('error', (error) => reject(unreachable(socketPath, error)))
        request.once('response', (response) => {
          readText(response).then((answer) => {
            const status = response.statusCode ?? 0
            if (status >= 400) reject(new DockerError(status, messageOf(answer)))
            else resolve(answer === '' ? null : parse(answer))
          }, reject)
        })
        request.end(text)
      })
    },
    attach(containerId) {
      return new Promise((resolve, reject) => {
        const request = send('POST', `/containers/${containerId}/attach?stream=1&stdin=1&stdout=1&stderr=1`, {
          connection: 'Upgrade',
          upgrade: 'tcp',
          'content-length': '0',
        })
        request.once('error', (error) => reject(unreachable(socketPath, error)))
        request.once('upgrade', (_, socket, head) => {
          if (head.length > 0) socket.unshift(head)
          resolve(socket)
        })
        request.once('response', (response) => {
          readText(response).then((answer) => reject(new DockerError(response.statusCode ?? 0, messageOf(answer))), reject)
        })
        request.end()
      })
    },
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of response) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

/** Some calls answer with a stream of JSON lines; nobody here needs more than that they came. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function messageOf(answer: string): string {
  const parsed = parse(answer)
  return typeof parsed === 'object' && parsed !== null && 'message' in parsed ? String(parsed.message) : answer.slice(0, 500)
}

function unreachable(socketPath: string, error: Error): DockerError {
  return new DockerError(0, `the Docker daemon does not answer on ${socketPath}: ${error.message}`, { cause: error })
}
