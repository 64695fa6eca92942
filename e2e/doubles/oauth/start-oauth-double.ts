// An authorization server as one of the providers speaks it, with accounts, and faults on demand.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ProviderName } from '@slipway/core/accounts'
import { type Devices, type GithubAppDouble, githubWire, openDevices } from './github-wire.ts'
import { gitlabWire } from './gitlab-wire.ts'
import { type DoublePerson, type Grants, openGrants } from './grants.ts'
import { notionWire } from './notion-wire.ts'
import { vercelWire } from './vercel-wire.ts'
import type { Wire, WireAnswer, WireRequest } from './wire.ts'

/** `lost`: it is done, and the connection breaks before the answer. `hang`: nothing comes until the double closes. */
type OauthFault =
  | { kind: 'lost' }
  | { kind: 'hang' }
  | { kind: 'status'; status: number; echoes?: boolean }
  | { kind: 'held'; until: Promise<void> }

export interface OauthDouble {
  provider: ProviderName
  url: string
  grants: Grants
  devices: Devices
  /** Who sits at the browser, and what they say. */
  person: DoublePerson
  consents: boolean
  /** Every request, with its body as it came. */
  requests: { method: string; path: string; body: string }[]
  /** An address to come back to, beside those that are asked for on this machine. */
  register(address: string): void
  /** The next so many requests of this path. */
  fail(path: RegExp, fault: OauthFault, times?: number): void
  /** What the server needs in its environment. */
  environment: Record<string, string>
  close(): Promise<void>
}

export interface OauthDoubleOptions {
  provider: ProviderName
  /** null: tokens never run out. */
  accessSeconds?: number | null
  app?: (GithubAppDouble & { privateKey: string }) | null
  pushers?: Record<string, string[]>
  deviceIntervalSeconds?: number
}

const client = { id: 'slipway-client', secret: 'slipway-client-secret-0123456789' }

export async function startOauthDouble(options: OauthDoubleOptions): Promise<OauthDouble> {
  const { provider, accessSeconds = 7200 } = options
  const devices = openDevices(options.deviceIntervalSeconds ?? 0)
  const faults: { path: RegExp; fault: OauthFault; left: number }[] = []
  const registered = new Set<string>()
  const grants = openGrants({
    client,
    redirectAddresses: () => [...registered],
    accessSeconds: provider === 'vercel' ? null : accessSeconds,
    usesPkce: provider === 'github' || provider === 'gitlab',
    prefix: `${provider}-double-`,
  })
  const wire = wireOf(options, devices, () => [...registered][0] ?? '')
  const double = { provider, grants, devices, person: { id: 1, login: 'ada' }, consents: true, requests: [] as OauthDouble['requests'] }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const read = await readRequest(request)
    double.requests.push({ method: read.method, path: read.path, body: read.raw })
    // Whatever address of this machine the person is sent back to counts as registered.
    const redirect = read.query.get('redirect_uri') ?? ''
    if (/^http:\/\/127\.0\.0\.1:\d+\/api\/integrations\/\w+\/callback$/.test(redirect)) registered.add(redirect)
    const found = faults.find(({ path, left }) => left > 0 && path.test(read.path))
    if (found !== undefined) found.left--
    const fault = found?.fault
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'status')
      return send(response, {
        status: fault.status,
        body: fault.echoes ? { error: 'server_error', said: [read.raw, request.headers.authorization] } : 'oops',
      })
    if (fault?.kind === 'held') await fault.until
    const given = wire(read, { grants, url, person: () => double.person, consents: () => double.consents })
    if (fault?.kind === 'lost') return void request.socket.destroy()
    send(response, given ?? { status: 404, body: { message: 'Not Found' } })
  }

  const server = createServer((request, response) => void answer(request, response))
  // A connection that is closed for having rested, just as it is used again, would be a fault that no test has ordered.
  server.keepAliveTimeout = 600_000
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return Object.assign(double, {
    url,
    fail: (path: RegExp, fault: OauthFault, times = 1) => void faults.push({ path, fault, left: times }),
    register: (address: string) => void registered.add(address),
    environment: environmentOf(options, url),
    async close() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  })
}

function wireOf({ provider, app = null, pushers = {} }: OauthDoubleOptions, devices: Devices, registered: () => string): Wire {
  switch (provider) {
    case 'github':
      return githubWire({ app, pushers, devices })
    case 'gitlab':
      return gitlabWire
    case 'notion':
      return notionWire
    case 'vercel':
      return vercelWire(registered)
  }
}

function environmentOf({ provider, app = null }: OauthDoubleOptions, url: string): Record<string, string> {
  const name = provider.toUpperCase()
  const known = { [`${name}_CLIENT_ID`]: client.id, [`${name}_CLIENT_SECRET`]: client.secret }
  switch (provider) {
    case 'github':
      return {
        ...known,
        GITHUB_URL: url,
        GITHUB_API_URL: `${url}/api/v3`,
        ...(app === null ? {} : { GITHUB_APP_ID: app.id, GITHUB_APP_PRIVATE_KEY: app.privateKey }),
      }
    case 'gitlab':
      return { ...known, GITLAB_URL: `${url}/gitlab` }
    case 'notion':
      return { ...known, NOTION_API_URL: url }
    case 'vercel':
      return { ...known, VERCEL_URL: url, VERCEL_API_URL: url, VERCEL_INTEGRATION: 'slipway-double' }
  }
}

async function readRequest(request: IncomingMessage): Promise<WireRequest & { raw: string }> {
  let raw = ''
  for await (const chunk of request.setEncoding('utf8')) raw += String(chunk)
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://double')
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  const body = isForm ? Object.fromEntries(new URLSearchParams(raw)) : raw === '' ? {} : (JSON.parse(raw) as Record<string, unknown>)
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ')
  const [id = '', secret = ''] = scheme === 'Basic' ? Buffer.from(value, 'base64').toString().split(':') : []
  return {
    method: request.method ?? 'GET',
    path: pathname,
    query: searchParams,
    headers: request.headers as Record<string, string | undefined>,
    body,
    raw,
    bearer: scheme === 'Bearer' ? value : '',
    basic: [id, secret],
  }
}

function send(response: ServerResponse, { status, body, headers = {} }: WireAnswer): void {
  const text = body === undefined ? '' : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json', ...headers }).end(text)
}
