// The sign-in library, set up: sessions and accounts in the schema `auth`, links by e-mail, Google. Heavy, so nothing
// but a sign-in imports it.

import { betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import { genericOAuth } from 'better-auth/plugins/generic-oauth'
import { magicLink } from 'better-auth/plugins/magic-link'
import { PostgresDialect, type PostgresPool } from 'kysely'
import { types } from 'pg'
import type { Settings } from '../settings.ts'
import { cookiePrefix } from './session-cookie.ts'
import type { SignInNeeds } from './sign-in.ts'

const LINK_SECONDS = 10 * 60
const DAY_SECONDS = 24 * 60 * 60

export interface Library {
  handler(request: Request): Promise<Response>
  /** The token that was made under this ticket, once. */
  takeToken(ticket: string): string | null
  hasGoogle(): Promise<boolean>
}

export interface Doorkeeper {
  /** Whether an address that somebody has proven may come in. */
  allows(email: string, name: string): Promise<boolean>
  joined(email: string, details: { address: string; userAgent: string }): Promise<void>
}

export function openLibrary({ database, google, publicUrl, cookieKey, logger }: SignInNeeds, door: Doorkeeper): Library {
  const tokens = new Map<string, string>()
  const isSecure = publicUrl?.protocol === 'https:'
  const auth = betterAuth({
    appName: 'Slipway',
    secret: cookieKey,
    basePath: '/api/auth',
    // Hosts are ruled on before anything gets here.
    baseURL: {
      allowedHosts: [
        'localhost',
        'localhost:*',
        '127.0.0.1',
        '127.0.0.1:*',
        '[::1]',
        '[::1]:*',
        ...(publicUrl === null ? [] : [publicUrl.host]),
      ],
      protocol: isSecure ? 'https' : 'http',
    },
    database: {
      dialect: new PostgresDialect({ pool: withDates(database.pool) }),
      type: 'postgres',
      schemaName: 'auth',
      transaction: false,
    },
    telemetry: { enabled: false },
    // Ours are counted in the database, per address and per e-mail.
    rateLimit: { enabled: false },
    logger: { log: (level, message) => logger[level === 'error' ? 'warn' : 'debug']({ library: 'sign-in' }, message) },
    session: { expiresIn: 30 * DAY_SECONDS, updateAge: DAY_SECONDS, cookieCache: { enabled: false } },
    // No provider is trusted blindly: an address that it has not verified joins nobody's account.
    account: { accountLinking: { enabled: true, trustedProviders: [] } },
    disabledPaths: ['/get-access-token', '/refresh-token', '/account-info'],
    onAPIError: { errorURL: '/' },
    advanced: {
      cookiePrefix: cookiePrefix(publicUrl),
      // The library's own prefix would be the weaker `__Secure-`.
      useSecureCookies: false,
      defaultCookieAttributes: { secure: isSecure, httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: ['x-slipway-address'] },
    },
    plugins: [
      magicLink({
        expiresIn: LINK_SECONDS,
        storeToken: 'hashed',
        sendMagicLink: async ({ token, metadata }) => void tokens.set(String(metadata?.['ticket']), token),
      }),
      ...(google === null ? [] : [googleProvider(google)]),
    ],
    databaseHooks: {
      user: {
        create: {
          async before(user) {
            if (!user.emailVerified)
              throw new APIError('FORBIDDEN', { code: 'NOT_VERIFIED', message: 'The e-mail address is not verified.' })
            if (!(await door.allows(user.email, user.name)))
              throw new APIError('FORBIDDEN', { code: 'NOT_INVITED', message: 'Not invited.' })
          },
        },
      },
      session: {
        create: {
          async before(session) {
            const user = await userOf(session.userId)
            return user !== null && (await door.allows(user.email, user.name)) ? undefined : false
          },
          async after(session) {
            const user = await userOf(session.userId)
            if (user !== null) await door.joined(user.email, { address: session.ipAddress ?? '', userAgent: session.userAgent ?? '' })
          },
        },
      },
      // Nothing is ever asked of Google afterwards, so its tokens are not kept.
      account: {
        create: { before: async (account) => ({ data: { ...account, ...noTokens } }) },
        update: { before: async () => ({ data: noTokens }) },
      },
    },
  })

  async function userOf(id: string): Promise<{ email: string; name: string } | null> {
    const { rows } = await database.pool.query<{ email: string; name: string }>('select email, name from auth."user" where id = $1', [id])
    return rows[0] ?? null
  }

  return {
    handler: (request) => auth.handler(request),
    takeToken(ticket) {
      const token = tokens.get(ticket) ?? null
      tokens.delete(ticket)
      return token
    },
    hasGoogle: async () => (await auth.$context).socialProviders.some(({ id }) => id === 'google'),
  }
}

const noTokens = { accessToken: null, refreshToken: null, idToken: null }

function googleProvider({ clientId, clientSecret, issuerUrl }: NonNullable<Settings['signIn']['google']>) {
  return genericOAuth({
    config: [
      {
        providerId: 'google',
        discoveryUrl: `${issuerUrl}/.well-known/openid-configuration`,
        clientId,
        clientSecret: clientSecret.reveal(),
        scopes: ['openid', 'email', 'profile'],
        pkce: true,
        requireIdTokenVerification: true,
      },
    ],
  })
}

/** The library counts with dates where the rest of the product has ISO text. */
function withDates(pool: SignInNeeds['database']['pool']): PostgresPool {
  return {
    async connect() {
      const client = await pool.connect()
      const query = (text: string, values: readonly unknown[]) => client.query({ text, values: [...values], types })
      return { query, release: () => client.release() } as unknown as Awaited<ReturnType<PostgresPool['connect']>>
    },
    end: async () => undefined,
    options: pool.options,
  }
}
