// Sends requests to a server as any program could, and judges how they are refused.

import { request } from 'node:http'
import { expect } from 'vitest'
import type { FuzzServer } from './fuzz-server.ts'
import type { HttpRequest } from './http-requests.ts'

export interface Answer {
  status: number
  type: string
  /** Where it sends on to, or null. */
  location: string | null
  text: string
}

export type Send = (given: HttpRequest) => Promise<Answer>

/** Each request comes from another loopback address, because one address may only ask so often. With the installation's token, unless the request has its own. */
export function openSender(server: Pick<FuzzServer, 'url' | 'token'>): Send {
  const { hostname, port, host } = new URL(server.url)
  let source = 0
  return ({ method, path, headers, body }) => {
    source = (source + 1) % 200
    return new Promise((resolve, reject) => {
      const sent = request({
        hostname,
        port,
        method,
        path,
        localAddress: `127.0.0.${source + 2}`,
        headers: { host, authorization: `Bearer ${server.token}`, ...headers, ...(body === null ? {} : { 'content-length': body.length }) },
      })
      sent.on('error', reject)
      sent.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            location: response.headers.location ?? null,
            text: Buffer.concat(chunks).toString(),
          }),
        )
      })
      sent.end(body ?? undefined)
    })
  }
}

export function expectRefusal({ type, text }: Answer, method: string): void {
  expectWords(text)
  if (method === 'HEAD') return expect(text).toBe('')
  expect(type).toBe('application/json; charset=utf-8')
  expect(JSON.parse(text)).toEqual({
    error: {
      code: expect.stringMatching(/^[a-z-]+$/),
      message: expect.stringMatching(/^[^]{15,2000}$/),
      requestId: expect.stringMatching(/./),
    },
  })
}

/** Nothing of how the server is made. */
function expectWords(text: string): void {
  expect(text).not.toMatch(/\[object Object\]|TypeError|RangeError|\\n\s+at |node_modules|\bE[A-Z]{4,}\b|FST_|received undefined/)
}
