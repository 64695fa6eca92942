// A browser as far as the API sees one: it keeps cookies and names its origin. Not by `fetch`, which sets headers of its own.

import { request } from 'node:http'
import type { Json } from './test-api.ts'

export interface Answer {
  status: number
  body: Json
  headers: Headers
}

export interface Browser {
  /** As a page of this server would; a header that is '' is left out. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Follows a link from another page, but no redirect. */
  visit(link: string, site?: 'none' | 'cross-site'): Promise<Answer>
  cookies(): string
}

export function openBrowser(origin: string): Browser {
  const jar = new Map<string, string>()
  const cookies = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

  function keep(headers: Headers): void {
    for (const cookie of headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      const [name = '', ...rest] = pair.split('=')
      if (/max-age=0/i.test(cookie)) jar.delete(name)
      else jar.set(name, rest.join('='))
    }
  }

  async function ask(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    const sent = Object.fromEntries(Object.entries({ cookie: cookies(), ...headers }).filter(([, value]) => value !== ''))
    const answer = await askRaw(new URL(path, origin), { method, headers: sent }, body)
    keep(answer.headers)
    return answer
  }

  return {
    send: (method, path, body, headers = {}) =>
      ask(
        method,
        path,
        { origin, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        body === undefined ? undefined : JSON.stringify(body),
      ),
    visit(link, site = 'none') {
      // The address in a link may be a public one; this browser always goes to the server it knows.
      const { pathname, search } = new URL(link, origin)
      return ask('GET', pathname + search, { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' })
    },
    cookies,
  }
}

function askRaw(url: URL, options: { method: string; headers: Record<string, string> }, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length: Record<string, string> = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const sent = request(url, { ...options, headers: { ...options.headers, ...length } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => {
        const headers = new Headers()
        for (const [name, value] of Object.entries(response.headers)) for (const one of [value ?? []].flat()) headers.append(name, one)
        const isJson = headers.get('content-type')?.includes('json') && text !== ''
        resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text, headers })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
