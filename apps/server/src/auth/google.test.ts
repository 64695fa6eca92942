import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type GoogleDouble, startGoogleDouble } from '../testing/google-double.ts'
import { openTestApi, type TestApi } from '../testing/test-api.ts'
import { openBrowser, type Answer, type Browser } from '../testing/test-browser.ts'

let google: GoogleDouble
let api: TestApi

beforeAll(async () => {
  google = await startGoogleDouble()
  api = await openTestApi({ environment: { ...google.environment, SLIPWAY_SIGN_UP: 'example.org' } })
})
beforeEach(() => {
  google.claims = { sub: 'google-1', aud: 'slipway', email: 'ada@example.org', email_verified: true, name: 'Ada' }
})
afterAll(async () => {
  await api.close()
  await google.close()
})

const pool = () => api.db.store.database.pool

/** From our page to Google and back; `tamper` changes what comes back. */
async function throughGoogle(browser: Browser, tamper: (back: URL) => void = () => undefined): Promise<Answer> {
  const { body } = await browser.send('POST', '/api/auth/sign-in/google', { next: '/sessions' })
  const sent = await fetch(body.url, { redirect: 'manual' })
  const back = new URL(sent.headers.get('location') ?? '')
  tamper(back)
  return browser.visit(back.href, 'cross-site')
}

test('somebody signs in with Google, by a code with a proof and a state, and is the person of that address', async () => {
  const browser = openBrowser(api.url)
  const { body } = await browser.send('POST', '/api/auth/sign-in/google', {})
  const asked = new URL(body.url).searchParams
  expect([asked.get('response_type'), asked.get('code_challenge_method'), asked.has('nonce'), asked.has('state')]).toEqual([
    'code',
    'S256',
    true,
    true,
  ])
  expect((await throughGoogle(browser)).headers.get('location')).toBe('/sessions')
  expect((await browser.send('GET', '/api/v1/me')).body).toMatchObject({ email: 'ada@example.org', name: 'Ada', role: 'administrator' })
  // The same address by link is the same person.
  const other = openBrowser(api.url)
  const { body: sent } = await other.send('POST', '/api/auth/sign-in/magic-link', { email: 'ada@example.org' })
  await other.visit(sent.shownLink)
  const ids = [(await browser.send('GET', '/api/v1/me')).body.id, (await other.send('GET', '/api/v1/me')).body.id]
  expect(ids[0]).toBe(ids[1])
})

test('nothing that Google would answer to is kept', async () => {
  await throughGoogle(openBrowser(api.url))
  await throughGoogle(openBrowser(api.url))
  const { rows } = await pool().query('select "accessToken", "refreshToken", "idToken" from auth.account where "providerId" = $$google$$')
  expect(rows).toEqual([{ accessToken: null, refreshToken: null, idToken: null }])
})

test.each([
  ['a state of somebody else', (back: URL) => back.searchParams.set('state', 'forged')],
  ['no state', (back: URL) => back.searchParams.delete('state')],
  ['a refusal', (back: URL) => (back.searchParams.delete('code'), back.searchParams.set('error', 'access_denied'))],
])('what comes back with %s signs nobody in', async (_name, tamper) => {
  const browser = openBrowser(api.url)
  const landed = await throughGoogle(browser, tamper)
  expect(landed.headers.get('location')).toBe('/sign-in?error=google')
  expect((await browser.send('GET', '/api/v1/me')).status).toBe(401)
})

test('a code that another browser began with signs nobody in', async () => {
  const [one, other] = [openBrowser(api.url), openBrowser(api.url)]
  const { body } = await one.send('POST', '/api/auth/sign-in/google', {})
  const sent = await fetch(body.url, { redirect: 'manual' })
  const landed = await other.visit(sent.headers.get('location') ?? '', 'cross-site')
  expect(landed.headers.get('location')).toBe('/sign-in?error=google')
})

test('an address that Google has not verified, or of another domain, does not come in', async () => {
  google.claims = { ...google.claims, sub: 'google-2', email: 'eve@example.org', email_verified: false }
  const eve = openBrowser(api.url)
  expect((await throughGoogle(eve)).headers.get('location')).toMatch(/^\/sign-in\?error=/)
  google.claims = { ...google.claims, sub: 'google-3', email: 'mallory@evil.test', email_verified: true }
  const mallory = openBrowser(api.url)
  expect((await throughGoogle(mallory)).headers.get('location')).toBe('/sign-in?error=not-invited')
  // Who has Ada's address at Google, unverified, is not Ada.
  google.claims = { ...google.claims, sub: 'google-4', email: 'ada@example.org', email_verified: false }
  const impostor = openBrowser(api.url)
  await throughGoogle(impostor)
  for (const browser of [eve, mallory, impostor]) expect((await browser.send('GET', '/api/v1/me')).status).toBe(401)
  expect((await pool().query(`select from people where email <> 'ada@example.org'`)).rowCount).toBe(0)
})

test('while Google does not answer, signing in with it says so, works later, and links work all the time', async () => {
  await google.stop()
  const second = await openTestApi({ environment: google.environment })
  try {
    const browser = openBrowser(second.url)
    expect((await browser.send('POST', '/api/auth/sign-in/google', {})).status).toBe(503)
    expect((await browser.send('POST', '/api/auth/sign-in/magic-link', { email: 'a@example.org' })).status).toBe(202)
    await google.start()
    expect((await browser.send('POST', '/api/auth/sign-in/google', {})).status).toBe(200)
  } finally {
    await second.close()
  }
})
