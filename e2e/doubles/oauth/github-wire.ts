import { verify } from 'node:crypto'
import type { DoublePerson, GrantAnswer } from './grants.ts'
import { authorize, lifetime, type Wire, type WireAnswer, type WireContext, type WireRequest } from './wire.ts'

export interface GithubAppDouble {
  id: string
  publicKey: string
  /** Where it is installed: `owner/name`. */
  repositories: string[]
}

const unauthorized: WireAnswer = { status: 401, body: { message: 'Bad credentials', documentation_url: '' } }
const notFound: WireAnswer = { status: 404, body: { message: 'Not Found' } }

/** The API lies below `/api/v3`. `pushers`: who may push where. */
export function githubWire(options: { app: GithubAppDouble | null; pushers: Record<string, string[]>; devices: Devices }): Wire {
  return (request, context) => {
    const { grants } = context
    const { method, path, body, bearer, basic } = request
    if (method === 'GET' && path === '/login/oauth/authorize') return authorize(request, context)
    if (method === 'POST' && path === '/login/device/code') return { status: 200, body: options.devices.begin(context.url) }
    if (method === 'POST' && path === '/login/oauth/access_token') return tokens(request, context, options.devices)
    if (!path.startsWith('/api/v3/')) return null
    const api = path.slice('/api/v3'.length)
    if (method === 'DELETE' && /^\/applications\/[^/]+\/token$/.test(api)) {
      if (!grants.knowsClient(...basic)) return unauthorized
      return grants.revoke(body['access_token']) ? { status: 204 } : { status: 422, body: { message: 'Validation Failed' } }
    }
    if (/^\/(app\/|repos\/[^/]+\/[^/]+\/installation$)/.test(api))
      return options.app === null ? notFound : asApp(api, request, context, options.app)
    const found = grants.find(bearer)
    if (found === null) return unauthorized
    const { id, login } = found.person
    if (method === 'GET' && api === '/user')
      return {
        status: 200,
        headers: { 'x-oauth-scopes': found.scopes.join(', ') },
        body: { id, login, name: login, avatar_url: `https://avatars.invalid/u/${id}` },
      }
    const repository = /^\/repos\/([^/]+\/[^/]+)$/.exec(api)?.[1]?.toLowerCase()
    if (method === 'GET' && repository !== undefined) {
      const pushers = options.pushers[repository]
      return pushers === undefined
        ? notFound
        : { status: 200, body: { full_name: repository, permissions: { push: pushers.includes(login) } } }
    }
    return null
  }
}

/** GitHub says what is wrong with status 200. */
function tokens({ body }: WireRequest, { grants }: WireContext, devices: Devices): WireAnswer {
  const said = (answer: GrantAnswer, otherwise: string): WireAnswer => {
    if (!answer.ok) return { status: 200, body: { error: otherwise, error_description: 'It is not valid.', error_uri: '' } }
    const { access, refresh, scopes, expiresAtMs } = answer.grant
    return {
      status: 200,
      body: {
        access_token: access,
        token_type: 'bearer',
        scope: scopes.join(','),
        ...(refresh ? { refresh_token: refresh } : {}),
        ...lifetime(expiresAtMs),
      },
    }
  }
  if (body['grant_type'] === 'urn:ietf:params:oauth:grant-type:device_code') {
    const state = devices.poll(body['device_code'])
    return typeof state === 'string' ? { status: 200, body: { error: state } } : said({ ok: true, grant: grants.issue(state) }, '')
  }
  if (!grants.knowsClient(body['client_id'], body['client_secret'])) return { status: 200, body: { error: 'incorrect_client_credentials' } }
  if (body['grant_type'] === 'refresh_token') return said(grants.refresh(body['refresh_token']), 'bad_refresh_token')
  return said(
    grants.exchange({ code: body['code'], redirect: body['redirect_uri'], verifier: body['code_verifier'] }),
    'bad_verification_code',
  )
}

function asApp(api: string, { method, bearer, body }: WireRequest, { grants }: WireContext, app: GithubAppDouble): WireAnswer {
  if (!isSigned(bearer, app)) return { status: 401, body: { message: 'A JSON web token could not be decoded' } }
  const repository = /^\/repos\/([^/]+\/[^/]+)\/installation$/.exec(api)?.[1]
  if (repository !== undefined)
    return app.repositories.includes(repository) ? { status: 200, body: { id: 77, app_id: Number(app.id) } } : notFound
  if (method === 'GET' && api.startsWith('/app/installations')) return { status: 200, body: [{ id: 77, app_id: Number(app.id) }] }
  if (method === 'POST' && api === '/app/installations/77/access_tokens') {
    const names = (body['repositories'] as string[] | undefined) ?? ['*']
    const token = grants.give({ id: 0, login: `app for ${names.join()}` }, [])
    return { status: 201, body: { token, expires_at: new Date(Date.now() + 3_600_000).toISOString(), permissions: { contents: 'write' } } }
  }
  return notFound
}

function isSigned(jwt: string, app: GithubAppDouble): boolean {
  const [head = '', claims = '', signature = ''] = jwt.split('.')
  if (!verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), app.publicKey, Buffer.from(signature, 'base64url'))) return false
  const { iss, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss: string; iat: number; exp: number }
  const now = Date.now() / 1000
  return iss === app.id && iat <= now && exp > now && exp <= now + 600
}

type DeviceWord = 'access_denied' | 'expired_token' | 'slow_down' | 'authorization_pending'

/** Somebody types the code that a device shows. */
export interface Devices {
  begin(url: string): Record<string, unknown>
  /** A word of the device flow, or who has allowed it. */
  poll(code: unknown): string | DoublePerson
  /** What the person does. */
  decide(userCode: string, decision: DoublePerson | DeviceWord): void
}

export function openDevices(intervalSeconds: number): Devices {
  const open = new Map<string, { userCode: string; state: string | DoublePerson }>()
  let count = 0
  return {
    begin(url) {
      const [deviceCode, userCode] = [`device-code-${++count}-0123456789`, `WDJB-MJ${count}T`]
      open.set(deviceCode, { userCode, state: 'authorization_pending' })
      return {
        device_code: deviceCode,
        user_code: userCode,
        verification_uri: `${url}/login/device`,
        expires_in: 900,
        interval: intervalSeconds,
      }
    },
    poll: (code) => open.get(String(code))?.state ?? 'incorrect_device_code',
    decide(userCode, decision) {
      for (const device of open.values()) if (device.userCode === userCode) device.state = decision
    },
  }
}
