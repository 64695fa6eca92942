// Accounts as people connect them: through the browser and back, by a token, and away again.

import { generateKeyPairSync } from 'node:crypto'
import type { ProviderName } from '@slipway/core/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type Json, type TestApi } from '../../apps/server/src/testing/test-api.ts'
import { openBrowser, type Answer, type Browser } from '../../apps/server/src/testing/test-browser.ts'
import { type OauthDouble, startOauthDouble } from '../doubles/oauth/start-oauth-double.ts'

const names = ['github', 'gitlab', 'notion', 'vercel'] as const
const app = {
  id: '4242',
  repositories: ['acme/clock', 'acme/secret'],
  ...generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }),
}
let doubles: Record<ProviderName, OauthDouble>
let api: TestApi
let ada: Browser
let bea: Browser
const logs: string[] = []

beforeAll(async () => {
  const start = (provider: ProviderName) =>
    startOauthDouble({ provider, app: provider === 'github' ? app : null, pushers: { 'acme/clock': ['ada'], 'acme/secret': ['somebody'] } })
  doubles = { github: await start('github'), gitlab: await start('gitlab'), notion: await start('notion'), vercel: await start('vercel') }
  const environment = Object.assign({}, ...names.map((name) => doubles[name].environment)) as Record<string, string>
  api = await openTestApi({ environment, requestsPerMinute: 100_000, logs })
  doubles.vercel.register(`${api.url}/api/integrations/vercel/callback`)
  // The first of all is the administrator and owns what the command line made.
  await signIn('root')
  ada = await signIn('ada')
  bea = await signIn('bea')
})
afterAll(async () => {
  await api.close()
  for (const name of names) await doubles[name].close()
})

async function signIn(name: string): Promise<Browser> {
  const browser = openBrowser(api.url)
  const { body } = await browser.send('POST', '/api/auth/sign-in/magic-link', { email: `${name}@example.org` })
  await browser.visit(body.shownLink)
  return browser
}

/** From the settings page to the provider, and with what it sends back home; `tamper` changes that. */
async function through(
  provider: ProviderName,
  browser: Browser,
  options: { tamper?: (back: URL) => unknown; by?: Browser; next?: string } = {},
): Promise<string> {
  const back = await away(provider, browser, options.next)
  options.tamper?.(back)
  return locationOf(await (options.by ?? browser).visit(back.href))
}

async function away(provider: ProviderName, browser: Browser, next?: string): Promise<URL> {
  const query = next === undefined ? '' : `?${new URLSearchParams({ next })}`
  const begun = await browser.send('GET', `/api/integrations/${provider}/auth${query}`)
  expect([begun.status, begun.body]).toEqual([302, ''])
  const asked = await fetch(locationOf(begun), { redirect: 'manual' })
  return new URL(asked.headers.get('location') ?? '')
}

const locationOf = (answer: Answer): string =>
  answer.headers.get('location') ?? `no location: ${answer.status} ${JSON.stringify(answer.body)}`
const listOf = async (browser: Browser): Promise<Json[]> => (await browser.send('GET', '/api/v1/connections')).body.connections
const as = (provider: ProviderName, login: string, id: number): void => void (doubles[provider].person = { id, login })
const ownerOf = async (name: string): Promise<string> => {
  const { rows } = await api.db.store.database.pool.query<{ owner: string }>('select owner_id as owner from people where email = $1', [
    `${name}@example.org`,
  ])
  return rows[0]?.owner ?? ''
}

test.each(names)('somebody connects %s in the browser, sees whose account it is, and it works', async (provider) => {
  as(provider, 'ada', 11)
  expect(await through(provider, ada)).toBe(`/settings?provider=${provider}&connection=made#connections`)
  const [found] = (await listOf(ada)).filter((one) => one.provider === provider)
  expect(found).toMatchObject({ status: 'connected', kind: provider === 'github' ? 'app' : 'oauth', reason: null })
  expect(found.accountName).toContain('ada')
  const account = await api.accounts.find({ ownerId: await ownerOf('ada'), provider })
  const token = await account?.token()
  expect(token?.ok && doubles[provider].grants.find(token.token.reveal())?.person.login).toBe('ada')
  expect((await ada.send('POST', `/api/v1/connections/${found.id}/check`)).status).toBe(200)
})

test('the way there proves itself: a state, PKCE where it is known, the exact address to come back to, and nothing for others to read', async () => {
  for (const provider of names) {
    const begun = await ada.send('GET', `/api/integrations/${provider}/auth`)
    const asked = new URL(locationOf(begun)).searchParams
    expect(asked.get('state')?.length).toBeGreaterThan(40)
    expect([begun.headers.get('referrer-policy'), begun.headers.get('cache-control')]).toEqual(['no-referrer', 'no-store'])
    if (provider === 'github' || provider === 'gitlab')
      expect([asked.get('code_challenge_method'), asked.get('code_challenge')?.length]).toEqual(['S256', 43])
    if (provider !== 'vercel') expect(asked.get('redirect_uri')).toBe(`${api.url}/api/integrations/${provider}/callback`)
  }
})

test.each([
  ['a state of nobody', (back: URL): unknown => back.searchParams.set('state', 'forged'), 'expired'],
  ['no state', (back: URL): unknown => back.searchParams.delete('state'), 'expired'],
  [
    'a no of the person',
    (back: URL): unknown => (back.searchParams.delete('code'), back.searchParams.set('error', 'access_denied')),
    'denied',
  ],
  ['a code of nobody', (back: URL): unknown => back.searchParams.set('code', 'forged'), 'refused'],
  ['no code', (back: URL): unknown => back.searchParams.delete('code'), 'refused'],
  ['the name of another provider', (back: URL): unknown => back.searchParams.set('iss', 'https://gitlab.evil.test'), 'refused'],
  ['an address of another provider', (back: URL): unknown => (back.pathname = '/api/integrations/github/callback'), 'expired'],
] as const)('what comes back with %s connects nothing', async (_name, tamper, reason) => {
  as('gitlab', 'intruder', 66)
  const landed = await through('gitlab', ada, { tamper })
  expect(landed).toContain(`connection=${reason}`)
  expect((await listOf(ada)).map(({ accountName }) => accountName)).not.toContain('intruder')
})

test('a state counts in the session that it was made in, once, and for ten minutes', async () => {
  as('gitlab', 'intruder', 66)
  const stolen = await through('gitlab', ada, { by: bea })
  expect(stolen).toContain('connection=expired')
  expect(await through('gitlab', ada, { by: await signIn('ada') })).toContain('connection=expired')
  expect(await through('gitlab', ada, { by: openBrowser(api.url) })).toBe('/sign-in')
  const late = await away('gitlab', ada)
  await api.db.store.database.pool.query(`update authorization_attempts set expires_at = clock_timestamp()`)
  expect(locationOf(await ada.visit(late.href))).toContain('connection=expired')
  for (const browser of [ada, bea]) expect((await listOf(browser)).map(({ accountName }) => accountName)).not.toContain('intruder')

  as('gitlab', 'ada', 11)
  const back = await away('gitlab', ada)
  const both = await Promise.all([ada.visit(back.href), ada.visit(back.href)])
  expect(both.map((answer) => new URL(locationOf(answer), api.url).searchParams.get('connection')).sort()).toEqual(['expired', 'made'])
  expect(locationOf(await ada.visit(back.href))).toContain('connection=expired')
})

test('nobody is sent anywhere but to this server afterwards', async () => {
  as('gitlab', 'ada', 11)
  expect(await through('gitlab', ada, { next: '/welcome?step=2' })).toBe('/welcome?step=2&provider=gitlab&connection=made')
  for (const next of ['//evil.test', 'https://evil.test', '/\\evil.test', '/..//evil.test', 'javascript:alert(1)', ''])
    expect([next, (await ada.send('GET', `/api/integrations/gitlab/auth?${new URLSearchParams({ next })}`)).status]).toEqual([next, 400])
})

test('the exchange is tried once: what breaks there begins anew, and what was granted for nothing is taken back', async () => {
  as('gitlab', 'late', 77)
  const faults = [
    ['lost answer', /oauth\/token$/, { kind: 'lost' }, 1, 'network'],
    ['500', /oauth\/token$/, { kind: 'status', status: 500, echoes: true }, 1, 'network'],
    ['no account', /api\/v4\/user$/, { kind: 'status', status: 503 }, 2, 'network'],
  ] as const
  for (const [name, path, fault, times, reason] of faults) {
    doubles.gitlab.fail(path, fault, times)
    expect([name, await through('gitlab', ada)]).toEqual([name, `/settings?provider=gitlab&connection=${reason}#connections`])
  }
  expect((await listOf(ada)).map(({ accountName }) => accountName)).not.toContain('late')
  const [last] = doubles.gitlab.grants.all.filter(({ person }) => person.login === 'late').slice(-1)
  expect(last?.isRevoked).toBe(true)
  // One failed question right after the exchange is asked again.
  doubles.gitlab.fail(/api\/v4\/user$/, { kind: 'status', status: 503 }, 1)
  expect(await through('gitlab', ada)).toContain('connection=made')
})

test.each(names)('a token for %s is checked at the provider before it is kept, and shows whose it is', async (provider) => {
  const { grants, fail } = doubles[provider]
  const token = grants.give({ id: 21, login: 'token-of-bea' })
  const connect = (given: string) => bea.send('POST', '/api/v1/connections', { provider, token: given })
  expect((await connect('no-such-token-0123456789')).status).toBe(400)
  fail(/./, { kind: 'status', status: 502 })
  expect((await connect(token)).status).toBe(503)
  expect((await listOf(bea)).filter((one) => one.provider === provider)).toEqual([])
  const { status, body } = await connect(` ${token}\n`)
  expect([status, body.kind, body.status]).toEqual([201, 'token', 'connected'])
  expect(body.accountName).toContain('token-of-bea')
  for (const bad of ['short', 'with a space in it', 'ünprintable-0123456789', `${'x'.repeat(1_001)}`])
    expect([bad, (await connect(bad)).status]).toEqual([bad, 400])
})

test('a token that does not work any more is a state of the account, which a new one ends', async () => {
  const { grants } = doubles.gitlab
  const id = (await listOf(bea)).find(({ provider }) => provider === 'gitlab').id
  grants.revokeAll('token-of-bea')
  const checked = await bea.send('POST', `/api/v1/connections/${id}/check`)
  expect([checked.status, checked.body.error.code]).toEqual([409, 'conflict'])
  expect(checked.body.error.message).toContain('Reconnect in Settings → Connections')
  expect((await listOf(bea)).find((one) => one.id === id)).toMatchObject({
    status: 'reconnect',
    reason: expect.stringContaining('revoked'),
  })
  const anew = await bea.send('POST', '/api/v1/connections', { provider: 'gitlab', token: grants.give({ id: 21, login: 'token-of-bea' }) })
  expect([anew.body.id, anew.body.status, anew.body.reason]).toEqual([id, 'connected', null])
})

test('what is granted to Slipway is taken back at the provider with the disconnecting; a person’s own token is left to them', async () => {
  for (const provider of names) {
    const { id } = (await listOf(ada)).find((one) => one.provider === provider)
    const account = await api.accounts.find({ ownerId: await ownerOf('ada'), provider, connectionId: id })
    const token = await account?.token()
    const text = token?.ok ? token.token.reveal() : ''
    expect([provider, (await ada.send('DELETE', `/api/v1/connections/${id}`)).body]).toEqual([provider, { isRevoked: true, advice: null }])
    expect([provider, doubles[provider].grants.find(text)]).toEqual([provider, null])
    expect(await account?.token()).toMatchObject({ ok: false, problem: 'reconnect' })
    expect((await ada.send('DELETE', `/api/v1/connections/${id}`)).status).toBe(404)
  }
  const { id } = (await listOf(bea)).find(({ provider }) => provider === 'github')
  const { body } = await bea.send('DELETE', `/api/v1/connections/${id}`)
  expect([body.isRevoked, body.advice]).toEqual([false, expect.stringContaining('/settings/personal-access-tokens')])
})

test('disconnecting works while the provider is away, and says what is left to do', async () => {
  as('gitlab', 'ada', 11)
  await through('gitlab', ada)
  const { id } = (await listOf(ada)).find(({ provider }) => provider === 'gitlab')
  doubles.gitlab.fail(/oauth\/revoke$/, { kind: 'status', status: 500 })
  const { body } = await ada.send('DELETE', `/api/v1/connections/${id}`)
  expect(body).toEqual({ isRevoked: false, advice: expect.stringMatching(/GitLab answered 500.*take it back at/) })
  expect((await listOf(ada)).find((one) => one.id === id)).toBe(undefined)
})

test('with a GitHub App a push uses a token of that repository alone, for who may push there', async () => {
  as('github', 'ada', 11)
  await through('github', ada)
  const account = await api.accounts.find({ ownerId: await ownerOf('ada'), provider: 'github' })
  const whose = async (repository?: string) => {
    const answer = await account?.token(repository === undefined ? {} : { repository })
    return answer?.ok ? doubles.github.grants.find(answer.token.reveal())?.person.login : answer
  }
  const mints = () => doubles.github.requests.filter(({ path }) => path.endsWith('/access_tokens')).length
  expect(await Promise.all([whose('acme/clock'), whose('acme/clock'), whose('Acme/Clock')])).toEqual([
    'app for clock',
    'app for clock',
    'app for clock',
  ])
  expect([await whose('acme/clock'), mints()]).toEqual(['app for clock', 1])
  // The App may push there too, this person may not: their own token is used, and GitHub says no.
  expect([await whose('acme/secret'), await whose('acme/unknown'), await whose(), mints()]).toEqual(['ada', 'ada', 'ada', 1])
})

test('two people with two accounts each reach nothing of each other’s, by any id', async () => {
  const ids: Record<'ada' | 'bea', string[]> = { ada: [], bea: [] }
  for (const [name, browser] of [
    ['ada', ada],
    ['bea', bea],
  ] as const) {
    for (const index of [1, 2]) {
      const token = doubles.gitlab.grants.give({ id: name === 'ada' ? 100 + index : 200 + index, login: `${name}-${index}` })
      ids[name].push((await browser.send('POST', '/api/v1/connections', { provider: 'gitlab', token })).body.id)
    }
  }
  for (const [browser, own, foreign] of [
    [ada, ids.ada, ids.bea],
    [bea, ids.bea, ids.ada],
  ] as const) {
    const text = JSON.stringify(await listOf(browser))
    for (const id of own) expect(text).toContain(id)
    for (const id of foreign) {
      expect(text).not.toContain(id)
      for (const [method, path] of [
        ['DELETE', ''],
        ['POST', '/check'],
        ['GET', '/avatar'],
        ['GET', '/teams'],
        ['PATCH', ''],
      ] as const)
        expect([
          method,
          path,
          (await browser.send(method, `/api/v1/connections/${id}${path}`, method === 'PATCH' ? { teamId: null } : undefined)).status,
        ]).toEqual([method, path, 404])
    }
  }
  for (const browser of [ada, bea])
    expect((await listOf(browser)).filter(({ accountName }) => /^(ada|bea)-\d$/.test(accountName)).length).toBe(2)
})

test('a picture of an account comes from this server, fetched once, and one that leads into the network does not', async () => {
  const picture = async (id: string) => fetch(`${api.url}/api/v1/connections/${id}/avatar`, { headers: { cookie: ada.cookies() } })
  const token = doubles.gitlab.grants.give({ id: 4711, login: 'pictured' })
  const { id } = (await ada.send('POST', '/api/v1/connections', { provider: 'gitlab', token })).body
  for (let times = 0; times < 3; times++) {
    const answer = await picture(id)
    const { headers } = answer
    expect([answer.status, headers.get('content-type'), headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual([
      200,
      'image/png',
      'private, max-age=3600',
      'nosniff',
    ])
    expect(
      Buffer.from(await answer.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
  }
  expect(doubles.gitlab.requests.filter(({ path }) => path.endsWith('/avatar/4711.png'))).toHaveLength(1)
  await api.db.store.database.pool.query(`update connections set avatar_url = 'http://127.0.0.1:9/inner.png' where id = $1`, [id])
  expect((await picture(id)).status).toBe(404)
})

test('a key of a person’s own looks, and connects and disconnects nothing', async () => {
  const { key } = (await ada.send('POST', '/api/v1/keys', { name: 'ci' })).body
  const by = (method: string, path: string, body?: unknown): Promise<Answer> =>
    openBrowser(api.url).send(method, path, body, { authorization: `Bearer ${key}`, origin: '' })
  const [first] = await listOf(ada)
  expect((await by('GET', '/api/v1/connections')).status).toBe(200)
  expect((await by('POST', '/api/v1/connections', { provider: 'gitlab', token: 'a-token-0123456789' })).status).toBe(403)
  expect((await by('DELETE', `/api/v1/connections/${first.id}`)).status).toBe(403)
  expect((await by('GET', '/api/integrations/gitlab/auth')).status).toBe(400)
})

test('where nothing is set up the page says what an administrator sets, and a token still works', async () => {
  const bare = await openTestApi({ environment: { GITLAB_URL: `${doubles.gitlab.url}/gitlab`, GITLAB_TOKEN: 'environment-token-01' } })
  try {
    const { body } = await bare.call('GET', '/api/v1/connections')
    const by = Object.fromEntries(body.providers.map((offer: Json) => [offer.provider, offer]))
    expect(by.github).toMatchObject({ canAuthorize: false, missing: ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'], fromEnvironment: null })
    expect(by.vercel.missing).toEqual(['VERCEL_CLIENT_ID', 'VERCEL_CLIENT_SECRET', 'VERCEL_INTEGRATION'])
    expect([by.gitlab.fromEnvironment, by.gitlab.callbackAddress]).toEqual(['GITLAB_TOKEN', `${bare.url}/api/integrations/gitlab/callback`])
    const browser = openBrowser(bare.url)
    const { body: link } = await browser.send('POST', '/api/auth/sign-in/magic-link', { email: 'root@example.org' })
    await browser.visit(link.shownLink)
    expect((await browser.send('GET', '/api/integrations/github/auth')).status).toBe(422)
  } finally {
    await bare.close()
  }
})

test('what was connected and disconnected is in the audit, and no token is in any answer, log or table', async () => {
  const { rows } = await api.db.store.database.pool.query<{ action: string }>(`select action from audit where action like 'connection-%'`)
  expect(new Set(rows.map(({ action }) => action))).toEqual(new Set(['connection-made', 'connection-removed']))
  const secrets = names.flatMap((name) =>
    doubles[name].grants.all.flatMap(({ access, refresh }) => (refresh === null ? [access] : [access, refresh])),
  )
  expect(secrets.length).toBeGreaterThan(20)
  const tables = await api.db.store.database.pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  )
  const dumps = await Promise.all(
    tables.rows.map(({ name }) => api.db.store.database.pool.query<{ text: string }>(`select t::text as text from ${name} t`)),
  )
  const stored = dumps.flatMap((dump) => dump.rows.map(({ text }) => text)).join('\n')
  const answers = JSON.stringify([await listOf(ada), await listOf(bea)])
  for (const secret of secrets) {
    expect(stored).not.toContain(secret)
    expect(stored).not.toContain(Buffer.from(secret).toString('hex'))
    expect(answers).not.toContain(secret)
    expect(logs.join('\n')).not.toContain(secret)
  }
})
