import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../testing/test-api.ts'
import { openBrowser } from '../testing/test-browser.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Post {
  port: number
  next(): Promise<{ to: string; text: string }>
  arrived: number
}

/** `failures`: how many mails it is too busy for first. */
async function openPost(failures = 0): Promise<Post> {
  const mails: { to: string; text: string }[] = []
  const waiting: ((mail: { to: string; text: string }) => void)[] = []
  const post: Post = {
    port: 0,
    arrived: 0,
    next: () => new Promise((resolve) => (mails.length > 0 ? resolve(mails.shift() as (typeof mails)[number]) : waiting.push(resolve))),
  }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onMailFrom: (_address, _session, done) => (failures-- > 0 ? done(Object.assign(new Error('busy'), { responseCode: 451 })) : done()),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        post.arrived += 1
        const to = session.envelope.rcptTo[0]?.address ?? ''
        void PostalMime.parse(Buffer.concat(chunks)).then(({ text }) => deliver(to, text ?? ''))
        done()
      })
    },
  })
  function deliver(to: string, text: string): void {
    const receive = waiting.shift()
    if (receive) receive({ to, text })
    else mails.push({ to, text })
  }
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  post.port = (server.server.address() as { port: number }).port
  closing.push(() => new Promise<void>((done) => server.close(() => done())))
  return post
}

async function apiWith(post: Post, environment: Record<string, string> = {}, logs: string[] = []): Promise<TestApi> {
  const api = await openTestApi({
    environment: { SMTP_URL: `smtp://127.0.0.1:${post.port}`, MAIL_FROM: 'slipway@example.org', ...environment },
    logs,
  })
  closing.push(() => api.close())
  return api
}

const linkIn = (text: string): URL => new URL(/https?:\/\/\S+\/sign-in\/link#\S+/.exec(text)?.[0] ?? '')

test('the mailed link leads to a page that signs in with a button, once, and is shown nowhere else', async () => {
  const post = await openPost()
  const logs: string[] = []
  const api = await apiWith(post, {}, logs)
  const browser = openBrowser(api.url)
  const asked = await browser.send('POST', '/api/auth/sign-in/magic-link', { email: 'Ada@Example.org', next: '/usage' })
  expect([asked.status, asked.body.shownLink]).toEqual([202, null])
  const { to, text } = await post.next()
  expect(to).toBe('ada@example.org')
  const parameters = new URLSearchParams(linkIn(text).hash.slice(1))
  const token = parameters.get('token') ?? ''
  expect(token.length).toBeGreaterThan(20)
  const follow = () => browser.send('POST', '/api/auth/magic-link/verify', { token, next: parameters.get('next') })
  expect((await follow()).body).toEqual({ goTo: '/usage' })
  expect((await browser.send('GET', '/api/v1/me')).body.email).toBe('ada@example.org')
  expect((await follow()).body).toEqual({ goTo: '/sign-in?error=link-used' })
  expect(logs.join('')).not.toContain(token)
})

test('a server that is busy gets the mail a little later', async () => {
  const post = await openPost(1)
  const api = await apiWith(post)
  await openBrowser(api.url).send('POST', '/api/auth/sign-in/magic-link', { email: 'ada@example.org' })
  expect((await post.next()).to).toBe('ada@example.org')
})

test('who may not sign in gets no mail, and is answered as if they did', async () => {
  const post = await openPost()
  const api = await apiWith(post, { SLIPWAY_SIGN_UP: 'invited' })
  const browser = openBrowser(api.url)
  const ask = (email: string) => browser.send('POST', '/api/auth/sign-in/magic-link', { email })
  const first = await ask('ada@example.org')
  const token = new URLSearchParams(linkIn((await post.next()).text).hash.slice(1)).get('token')
  await browser.send('POST', '/api/auth/magic-link/verify', { token })
  const stranger = await ask('stranger@example.org')
  expect([stranger.status, stranger.body]).toEqual([first.status, first.body])
  await ask('ada@example.org')
  // Theirs was asked for before, and would have come before.
  expect([(await post.next()).to, post.arrived]).toEqual(['ada@example.org', 2])
})

test('somebody who is sent to a link meets the button too, and nobody is signed in by that', async () => {
  const post = await openPost()
  const api = await apiWith(post)
  const browser = openBrowser(api.url)
  await browser.send('POST', '/api/auth/sign-in/magic-link', { email: 'eve@example.org' })
  const parameters = linkIn((await post.next()).text).hash.slice(1)
  const answer = await browser.send('GET', `/api/auth/magic-link/verify?${parameters}`)
  expect([answer.status, answer.headers.get('location'), answer.headers.getSetCookie()]).toEqual([302, `/sign-in/link#${parameters}`, []])
  expect((await browser.send('GET', '/api/v1/me')).status).toBe(401)
})

test('a link from elsewhere than this server’s own pages signs nobody in', async () => {
  const api = await apiWith(await openPost())
  const browser = openBrowser(api.url)
  const answer = await browser.send('POST', '/api/auth/magic-link/verify', { token: 'x' }, { origin: 'https://evil.test' })
  expect(answer.status).toBe(403)
})
