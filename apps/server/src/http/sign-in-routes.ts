// Signing in and out, below /api/auth.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Mailer } from '@slipway/connectors/mail/open-mailer'
import { countAttempts } from '../auth/attempts.ts'
import type { Access } from '../auth/open-access.ts'
import { mailLink } from '../auth/mail-link.ts'
import { safePath } from '../auth/safe-path.ts'
import type { Caller } from '../auth/sign-in.ts'
import { isLoopbackUrl } from '../auth/sign-up-rule.ts'
import { emailSchema } from '../contract/identity-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { Runtime } from '../runtime.ts'

export interface SignInRoutes {
  runtime: Pick<Runtime, 'store' | 'settings' | 'logger' | 'ports'>
  access: Access
  publicUrl: URL | null
  /** null: links are in the log. */
  mailer: Mailer | null
}

const AUTH_PREFIX = '/api/auth'
const LINKS_PER_ADDRESS = 10
const LINKS_PER_EMAIL = 5
const SIGN_INS_PER_ADDRESS = 30

const next = z
  .string()
  .default('/')
  .transform((typed, context) => {
    const path = safePath(typed)
    if (path === null) context.addIssue({ code: 'custom', message: 'must be a path on this server, such as /sessions' })
    return path ?? '/'
  })
const linkBody = z.strictObject({ email: emailSchema, next })
const linkQuery = z.object({ token: z.string().min(1).max(200), next })
const googleBody = z.strictObject({ next })
const everybody = { who: 'everybody' } as const

export function addSignInRoutes(app: FastifyInstance, input: SignInRoutes): void {
  const { access, runtime, publicUrl, mailer } = input
  const { signIn } = access
  const { pool } = runtime.store.database

  app.get(`${AUTH_PREFIX}/ways`, { config: everybody }, async () => ({
    email: true,
    google: runtime.settings.signIn.google !== null,
    isNew: await access.people.isNew(),
    signUp: access.rule.kind,
  }))

  app.post(`${AUTH_PREFIX}/sign-in/magic-link`, { config: everybody, schema: { body: linkBody } }, async (request, reply) => {
    const { email, next: path } = request.body as z.infer<typeof linkBody>
    await countAttempts(pool, [
      { kind: 'link-by-address', of: request.ip, max: LINKS_PER_ADDRESS },
      { kind: 'link-by-email', of: email, max: LINKS_PER_EMAIL },
    ])
    const caller = callerOf(request)
    const token = await signIn.makeLinkToken(caller, email)
    const base = publicUrl?.host === caller.host ? publicUrl.origin : `http://${caller.host}`
    const parameters = new URLSearchParams({ token, next: path })
    if (mailer !== null) {
      // Not awaited: how long it takes would tell which addresses are known.
      void mailLink({ mailer, access, runtime, email, base, link: `${base}/sign-in/link#${parameters}` })
      reply.code(202)
      return {
        status: 'sent',
        shownLink: null,
        why: 'If this address may sign in here, a mail is on its way. Look among unwanted mail, too.',
      }
    }
    const link = `${base}${AUTH_PREFIX}/magic-link/verify?${parameters}`
    runtime.logger.warn({ email, link }, 'somebody wants to sign in: this link does it, once, within ten minutes')
    reply.code(202)
    return { status: 'sent', ...showLink(request, publicUrl, link) }
  })

  const follow = { config: everybody, exposeHeadRoute: false, schema: { querystring: linkQuery } }
  app.get(`${AUTH_PREFIX}/magic-link/verify`, follow, async (request, reply) => {
    const { token, next: path } = request.query as z.infer<typeof linkQuery>
    // Another page may send somebody here to sign them in as somebody else; a mailed link never leads here by itself.
    if (mailer !== null || isSentByAnotherPage(request))
      return land(reply, [], `/sign-in/link#${new URLSearchParams({ token, next: path })}`)
    if (!(await mayTry(request))) return reply.redirect('/sign-in?error=too-many')
    const landed = await signIn.followLink(callerOf(request), token)
    return land(reply, landed.cookies, landed.ok ? path : `/sign-in?error=${landed.reason}`)
  })

  // What scans mails follows links, but presses no button: a mailed link leads to a page with one, which calls this.
  app.post(`${AUTH_PREFIX}/magic-link/verify`, { config: everybody, schema: { body: linkQuery } }, async (request, reply) => {
    const { token, next: path } = request.body as z.infer<typeof linkQuery>
    if (!(await mayTry(request))) return { goTo: '/sign-in?error=too-many' }
    const landed = await signIn.followLink(callerOf(request), token)
    setCookies(reply, landed.cookies)
    return { goTo: landed.ok ? path : `/sign-in?error=${landed.reason}` }
  })

  app.post(`${AUTH_PREFIX}/sign-in/google`, { config: everybody, schema: { body: googleBody } }, async (request, reply) => {
    if (runtime.settings.signIn.google === null) {
      throw new SlipwayError(
        'not-configured',
        'Signing in with Google is not set up here. An administrator sets GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET.',
      )
    }
    await countAttempts(pool, [{ kind: 'sign-in-by-address', of: request.ip, max: SIGN_INS_PER_ADDRESS }])
    const { url, cookies } = await signIn.beginGoogle(callerOf(request), (request.body as z.infer<typeof googleBody>).next)
    setCookies(reply, cookies)
    return { url }
  })

  app.get(`${AUTH_PREFIX}/callback/google`, { config: everybody, exposeHeadRoute: false }, async (request, reply) => {
    if (!(await mayTry(request))) return reply.redirect('/sign-in?error=too-many')
    const landed = await signIn.finishGoogle(callerOf(request), request.url.split('?')[1] ?? '')
    return land(reply, landed.cookies, landed.ok ? (safePath(landed.next ?? '/') ?? '/') : `/sign-in?error=${landed.reason}`)
  })

  app.post(`${AUTH_PREFIX}/sign-out`, { config: { who: 'signed-in' } }, async (request, reply) => {
    if (request.person?.via !== 'cookie')
      throw new SlipwayError('usage', 'Only a browser signs out. A key is revoked at DELETE /api/v1/keys/{id}.')
    setCookies(reply, (await signIn.signOut(callerOf(request))).cookies)
    return { signedOut: true }
  })

  async function mayTry(request: FastifyRequest): Promise<boolean> {
    try {
      await countAttempts(pool, [{ kind: 'sign-in-by-address', of: request.ip, max: SIGN_INS_PER_ADDRESS }])
      return true
    } catch (error) {
      if (error instanceof SlipwayError && error.code === 'rate-limited') return false
      throw error
    }
  }
}

/** The link opens the door for whoever sees it, so it is shown only where nobody but this machine can ask. */
function showLink(request: FastifyRequest, publicUrl: URL | null, link: string): { shownLink: string | null; why: string } {
  if (publicUrl !== null && !isLoopbackUrl(publicUrl))
    return {
      shownLink: null,
      why: 'If this address may sign in here, a link is on its way. Without a mail server it is in the server’s log.',
    }
  if (!isFromHere(request))
    return { shownLink: null, why: 'The link is in the server’s log. It is shown here only to the machine that the server runs on.' }
  return {
    shownLink: link,
    why: 'There is no mail server, and only this machine reaches the server, so the link is shown here. It is in the log too.',
  }
}

/** Browsers say so, and pages cannot keep them from it. */
function isSentByAnotherPage({ headers }: FastifyRequest): boolean {
  return headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site'
}

/** A proxy on this machine speaks for others, and says so in these headers. */
function isFromHere({ socket, headers }: FastifyRequest): boolean {
  const isLoopback = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(socket.remoteAddress ?? '')
  return isLoopback && ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'].every((name) => headers[name] === undefined)
}

export function callerOf(request: FastifyRequest): Caller {
  const { host, cookie, origin, 'user-agent': userAgent } = request.headers
  return { host: host?.toLowerCase() ?? '', address: request.ip, cookies: cookie, origin, userAgent }
}

export function setCookies(reply: FastifyReply, cookies: string[]): void {
  for (const cookie of cookies) reply.header('set-cookie', cookie)
}

function land(reply: FastifyReply, cookies: string[], path: string): FastifyReply {
  setCookies(reply, cookies)
  return reply.header('referrer-policy', 'no-referrer').redirect(path)
}
