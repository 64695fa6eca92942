import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestApi, type Json, type TestApi } from '../testing/test-api.ts'
import { openBrowser, type Browser } from '../testing/test-browser.ts'

let api: TestApi
beforeAll(async () => {
  api = await openTestApi()
})
beforeEach(() => pool().query('truncate people, attempts, auth."user", auth.verification cascade'))
afterAll(() => api.close())

const pool = () => api.db.store.database.pool

async function signedIn(email: string, at: TestApi = api): Promise<Browser> {
  const browser = openBrowser(at.url)
  const { body } = await browser.send('POST', '/api/auth/sign-in/magic-link', { email })
  const landed = await browser.visit(body.shownLink)
  expect(landed.headers.get('location')).toBe('/')
  return browser
}

test('the link that is shown signs in, once, and the cookie is one that no script reads and no other page sends', async () => {
  const browser = openBrowser(api.url)
  const asked = await browser.send('POST', '/api/auth/sign-in/magic-link', { email: 'Ada@Example.org', next: '/sessions?need=running' })
  expect(asked.status).toBe(202)
  expect(asked.body).toEqual({
    status: 'sent',
    shownLink: expect.stringContaining('/api/auth/magic-link/verify?'),
    why: expect.any(String),
  })
  const landed = await browser.visit(asked.body.shownLink)
  expect([landed.status, landed.headers.get('location')]).toEqual([302, '/sessions?need=running'])
  expect(landed.headers.getSetCookie().join()).toMatch(/^slipway\.session_token=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/)
  const me = await browser.send('GET', '/api/v1/me')
  expect(me.body).toEqual({
    id: expect.any(String),
    name: 'ada@example.org',
    email: 'ada@example.org',
    role: 'administrator',
    via: 'cookie',
    preferences: {},
    createdAt: expect.any(String),
  })
  const again = await openBrowser(api.url).visit(asked.body.shownLink)
  expect(again.headers.get('location')).toBe('/sign-in?error=link-used')
  expect(again.headers.getSetCookie()).toEqual([])
})

test('a link that another page sends somebody to waits for a button, and stays good', async () => {
  const { body } = await openBrowser(api.url).send('POST', '/api/auth/sign-in/magic-link', { email: 'eve@example.org', next: '/usage' })
  const browser = openBrowser(api.url)
  const sent = await browser.visit(body.shownLink, 'cross-site')
  expect([sent.headers.get('location'), sent.headers.getSetCookie()]).toEqual([
    `/sign-in/link#${new URL(body.shownLink).search.slice(1)}`,
    [],
  ])
  expect((await browser.visit(body.shownLink)).headers.get('location')).toBe('/usage')
})

test('what is kept of a link is a hash, and nothing looks at a link that is ten minutes old', async () => {
  const browser = openBrowser(api.url)
  const { body } = await browser.send('POST', '/api/auth/sign-in/magic-link', { email: 'ada@example.org' })
  const token = new URL(body.shownLink).searchParams.get('token') ?? ''
  const { rows } = await pool().query<{ text: string }>('select v::text as text from auth.verification v')
  expect(rows).toHaveLength(1)
  expect(rows[0]?.text).not.toContain(token)
  await pool().query(`update auth.verification set "expiresAt" = "expiresAt" - interval '10 minutes'`)
  expect((await browser.visit(body.shownLink)).headers.get('location')).toBe('/sign-in?error=link-used')
})

test('of two who are first at the same moment one becomes administrator and owns what the command line made', async () => {
  const sessionId = await api.db.create()
  const [one, other] = await Promise.all([signedIn('one@example.org'), signedIn('other@example.org')])
  const both = await Promise.all([one.send('GET', '/api/v1/me'), other.send('GET', '/api/v1/me')])
  expect(both.map(({ body }) => body.role).sort()).toEqual(['administrator', 'member'])
  const first = both[0].body.role === 'administrator' ? one : other
  const second = first === one ? other : one
  expect((await first.send('GET', `/api/v1/sessions/${sessionId}`)).status).toBe(200)
  expect((await second.send('GET', `/api/v1/sessions/${sessionId}`)).status).toBe(404)
})

test('no way out of this server is taken as the place to go after signing in', async () => {
  const browser = openBrowser(api.url)
  for (const next of [
    'https://evil.test',
    '//evil.test',
    '/\\evil.test',
    '/\t/evil.test',
    'javascript:alert(1)',
    '/./..//evil.test',
    '/%0d%0a//x',
    ' /x',
    'x',
  ]) {
    const { status, body } = await browser.send('POST', '/api/auth/sign-in/magic-link', { email: 'a@example.org', next })
    if (status === 202) expect(new URL(new URL(body.shownLink).searchParams.get('next') ?? '', api.url).origin, next).toBe(api.url)
    else expect([next, status]).toEqual([next, 400])
  }
  const { body } = await browser.send('POST', '/api/auth/sign-in/magic-link', { email: 'b@example.org' })
  const link = new URL(body.shownLink)
  link.searchParams.set('next', '//evil.test')
  expect((await browser.visit(link.href)).status).toBe(400)
})

test('the answer is the same for who is known, unknown, shut out and not invited', async () => {
  const invited = await openTestApi({ environment: { SLIPWAY_SIGN_UP: 'invited' } })
  const admin = await signedIn('ada@example.org', invited)
  await admin.send('POST', '/api/v1/people', { email: 'known@example.org', role: 'viewer' })
  const shut = await admin.send('POST', '/api/v1/people', { email: 'shut@example.org' })
  await admin.send('PATCH', `/api/v1/people/${shut.body.id}`, { isDisabled: true })
  const answers: Json[] = []
  for (const name of ['known', 'shut', 'unknown']) {
    const { status, body } = await openBrowser(invited.url).send('POST', '/api/auth/sign-in/magic-link', { email: `${name}@example.org` })
    const landed = await openBrowser(invited.url).visit(body.shownLink)
    answers.push([name, status, Object.keys(body), landed.headers.get('location')])
  }
  await invited.close()
  const shape = ['status', 'shownLink', 'why']
  expect(answers).toEqual([
    ['known', 202, shape, '/'],
    ['shut', 202, shape, '/sign-in?error=not-invited'],
    ['unknown', 202, shape, '/sign-in?error=not-invited'],
  ])
})

test('too many links are refused, per e-mail and per address, in a count that the database keeps', async () => {
  const ask = (email: string) => openBrowser(api.url).send('POST', '/api/auth/sign-in/magic-link', { email })
  const ofOne = []
  for (let round = 0; round < 6; round++) ofOne.push((await ask('ada@example.org')).status)
  expect(ofOne).toEqual([202, 202, 202, 202, 202, 429])
  const ofOthers = []
  for (let round = 0; round < 5; round++) ofOthers.push((await ask(`x${round}@example.org`)).status)
  expect(ofOthers).toEqual([202, 202, 202, 202, 429])
  expect((await pool().query('select from attempts')).rowCount).toBeGreaterThan(3)
})

test('behind a proxy that is trusted, addresses are those of the people; one that is not is believed nothing', async () => {
  const ask = (url: string, round: number) =>
    openBrowser(url).send(
      'POST',
      '/api/auth/sign-in/magic-link',
      { email: `p${round}@example.org` },
      { 'x-forwarded-for': `203.0.113.${round}` },
    )
  const behind = await openTestApi({ environment: { SLIPWAY_TRUSTED_PROXIES: '127.0.0.1' } })
  const statuses = async (url: string) => {
    const all = []
    for (let round = 0; round < 14; round++) all.push((await ask(url, round)).status)
    return all
  }
  expect(new Set(await statuses(behind.url))).toEqual(new Set([202]))
  await behind.close()
  expect(await statuses(api.url)).toContain(429)
})

test('a link is shown to this machine alone, and never where there is a public address', async () => {
  const { body } = await openBrowser(api.url).send(
    'POST',
    '/api/auth/sign-in/magic-link',
    { email: 'a@example.org' },
    { 'x-forwarded-for': '203.0.113.9' },
  )
  expect(body.shownLink).toBe(null)
  const logs: string[] = []
  const outside = await openTestApi({ publicUrl: new URL('https://slipway.example.org'), logs })
  try {
    const answer = await openBrowser(outside.url).send('POST', '/api/auth/sign-in/magic-link', { email: 'a@example.org' })
    expect(answer.body).toMatchObject({ status: 'sent', shownLink: null })
    const link = logs.map((line) => JSON.parse(line).link as string | undefined).find((found) => found !== undefined) ?? ''
    const landed = await openBrowser(outside.url).visit(link)
    expect(landed.headers.getSetCookie().join()).toMatch(
      /^__Host-slipway\.session_token=[^;]+; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    // Behind TLS a browser is told to stay there, by pages, answers and refusals alike; without TLS it must not be.
    for (const [server, told] of [
      [outside, 'max-age=31536000'],
      [api, null],
    ] as const) {
      for (const [path, headers, status] of [
        ['/', {}, 503],
        ['/health', {}, 200],
        ['/api/v1/me', {}, 401],
        ['/api/v1/me', { authorization: `Bearer ${server.token}` }, 200],
        ['/health', { origin: 'http://evil.test' }, 403],
      ] as const) {
        const found = await openBrowser(server.url).send('GET', path, undefined, { origin: '', ...headers })
        expect([path, found.status, found.headers.get('strict-transport-security')]).toEqual([path, status, told])
      }
    }
  } finally {
    await outside.close()
  }
})

test('with a cookie, nothing changes and no stream opens for another page, or for none', async () => {
  const browser = await signedIn('ada@example.org')
  const { id } = (await browser.send('GET', '/api/v1/me')).body
  expect(id).not.toBe('local')
  const sessionId = await api.db.create()
  for (const headers of [{ origin: '' }, { origin: 'http://evil.test' }, { origin: api.url, 'sec-fetch-site': 'cross-site' }]) {
    expect((await browser.send('PATCH', '/api/v1/me', { name: 'Eve' }, headers)).status).toBe(403)
  }
  const path = `/api/v1/sessions/${sessionId}/stream`
  expect(await api.stream(path, { protocols: ['slipway'], headers: { cookie: browser.cookies() } }).closed).toEqual({ code: 403 })
  const own = api.stream(path, { protocols: ['slipway'], headers: { cookie: browser.cookies(), origin: api.url } })
  await own.until((messages) => messages.some((message) => message.type === 'ready'))
  own.socket.close()
})

test('a cookie that was not signed here, or whose session is over, is nobody', async () => {
  const browser = await signedIn('ada@example.org')
  const { rows } = await pool().query<{ token: string }>('select token from auth.session')
  const token = rows[0]?.token ?? ''
  const status = async (cookie: string) => (await fetch(`${api.url}/api/v1/me`, { headers: { cookie } })).status
  expect(await status(browser.cookies())).toBe(200)
  for (const forged of [token, `${token}.`, `${token}.${'A'.repeat(43)}=`, `x${token}.${browser.cookies().split('.').at(-1)}`]) {
    expect(await status(`slipway.session_token=${forged}`)).toBe(401)
  }
  await pool().query(`update auth.session set "expiresAt" = clock_timestamp()`)
  expect(await status(browser.cookies())).toBe(401)
})

test('signing out, from here, from elsewhere and everywhere, closes the open streams of that browser', async () => {
  const sessionId = await api.db.create()
  const watch = async (browser: Browser) => {
    const stream = api.stream(`/api/v1/sessions/${sessionId}/stream`, {
      protocols: ['slipway'],
      headers: { cookie: browser.cookies(), origin: api.url },
    })
    await stream.until((messages) => messages.some((message) => message.type === 'ready'))
    return stream
  }
  const [here, there, third] = [await signedIn('ada@example.org'), await signedIn('ada@example.org'), await signedIn('ada@example.org')]
  const streams = [await watch(here), await watch(there), await watch(third)] as const
  const { devices } = (await here.send('GET', '/api/v1/devices')).body
  expect(devices).toHaveLength(3)
  expect(devices.filter((device: Json) => device.isCurrent)).toHaveLength(1)

  expect((await third.send('POST', '/api/auth/sign-out', {})).body).toEqual({ signedOut: true })
  expect(await streams[2].closed).toEqual({ code: 4401 })
  expect((await third.send('GET', '/api/v1/me')).status).toBe(401)
  expect(streams[0].socket.readyState).toBe(1)

  // Another process, or an administrator at the database, takes it away.
  const other = devices.find((device: Json) => device.isCurrent)
  await pool().query('delete from auth.session where id = $1', [other.id])
  expect(await streams[0].closed).toEqual({ code: 4401 })
  expect((await there.send('DELETE', '/api/v1/devices')).status).toBe(200)
  expect(await streams[1].closed).toEqual({ code: 4401 })
  expect((await there.send('GET', '/api/v1/me')).status).toBe(401)
})
