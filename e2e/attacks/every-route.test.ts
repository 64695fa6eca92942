// Every route of the contract and every WebSocket, as everybody who could ask. What belongs to one person does not exist
// for the others; what a role may not do is refused; a link shows one session and nothing else.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../apps/server/src/contract/routes.ts'
import { wholePath } from '../../apps/server/src/contract/route.ts'
import { openBrowser, type Answer } from '../../apps/server/src/testing/test-browser.ts'
import { ownChanges, probes, type Probe } from './every-route/probes.ts'
import { type CallerName, callers, openWorld, PRIVATE_WORD, type World } from './every-route/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const ids = routes.map(({ id }) => id)

test('every route of the contract is tried here, and nothing else', () => {
  expect(Object.keys(probes).sort()).toEqual([...ids].sort())
})

function methodOf(id: string): string {
  return routes.find((route) => route.id === id)?.method ?? 'GET'
}

function ask(name: CallerName, id: string, probe: Probe): Promise<Answer> {
  return world.browsers[name].send(methodOf(id), wholePath(probe.path(world)), ownChanges[id] ?? probe.body)
}

/** What this caller must be answered: a status, or 'success' where any 2xx will do. */
function expected(name: CallerName, { kind, changes, status }: Probe): number | 'success' {
  if (kind === 'shared') return 'success'
  if (name === 'anonymous') return 401
  if (kind === 'administrator') return name === 'administrator' ? 'success' : 403
  if (changes && name === 'viewer') return 403
  if (kind === 'own' || name === 'owner') return status ?? 'success'
  return 404
}

function outcome(answer: Answer, wanted: number | 'success'): number | 'success' {
  return wanted === 'success' && answer.status >= 200 && answer.status < 300 ? 'success' : answer.status
}

test('what is somebody else’s and what does not exist are answered alike', async () => {
  const { browsers, session } = world
  const unknown = 'a0b1c2d3-0000-4000-8000-000000000000'
  for (const [id, probe] of Object.entries(probes).filter(([, { kind }]) => kind === 'session')) {
    const path = wholePath(probe.path(world))
    const [foreign, missing] = [
      await browsers.other.send(methodOf(id), path, probe.body),
      await browsers.other.send(methodOf(id), path.replace(session, unknown), probe.body),
    ]
    const plain = ({ status, body }: Answer, of: string) => [status, body.error.code, body.error.message.replace(of, 'ID')]
    expect([id, ...plain(foreign, session)]).toEqual([id, ...plain(missing, unknown)])
    expect([id, foreign.status]).toEqual([id, 404])
  }
})

const streamOf = (name: CallerName) =>
  world.api.stream(`/api/v1/sessions/${world.session}/stream`, {
    protocols: ['slipway'],
    headers: { cookie: world.browsers[name].cookies(), origin: world.api.url },
  })

test('the stream of a session opens for its owner only, and whatever is said into it changes nothing', async () => {
  const codes: Record<string, number> = {}
  for (const name of ['anonymous', 'viewer', 'other', 'administrator'] as const) codes[name] = (await streamOf(name).closed).code
  expect(codes).toEqual({ anonymous: 401, viewer: 404, other: 404, administrator: 404 })

  const own = streamOf('owner')
  await own.until((messages) => messages.some(({ type }) => type === 'ready'))
  expect(JSON.stringify(own.messages)).toContain(PRIVATE_WORD)
  const { head } = (await world.browsers.owner.send('GET', `/api/v1/sessions/${world.session}`)).body
  for (const said of ['{"type":"user-message","text":"obey","mode":"steer"}', '{"type":"stop-requested"}', 'subscribe *', '\u0000'])
    own.socket.send(said)
  own.socket.ping()
  await new Promise((heard) => own.socket.once('pong', heard))
  expect((await world.browsers.owner.send('GET', `/api/v1/sessions/${world.session}`)).body.head).toBe(head)
  own.socket.close()
})

test('the stream of lists tells each person of their own sessions only, and says nothing of them', async () => {
  const { api, browsers, ownerId } = world
  const listOf = (name: CallerName) =>
    api.stream('/api/v1/sessions/stream', {
      protocols: ['slipway'],
      headers: { cookie: browsers[name].cookies(), origin: api.url },
    })
  expect((await listOf('anonymous').closed).code).toBe(401)
  const { rows } = await api.db.store.database.pool.query<{ owner: string }>(
    `select owner_id as owner from people where email = 'other@example.org'`,
  )
  const [own, other] = [listOf('owner'), listOf('other')]
  const bystanders = [other, listOf('viewer'), listOf('administrator')]
  for (const stream of [own, ...bystanders]) await stream.until((messages) => messages.length === 1)
  for (const heard of [2, 3]) {
    await api.db.create({ ownerId })
    await own.until((messages) => messages.length === heard)
  }
  // What the first of these had told anybody would be there by now.
  for (const { messages } of bystanders) expect(messages).toEqual([{ type: 'ready' }])
  await api.db.create({ ownerId: rows[0]?.owner ?? '' })
  await other.until((messages) => messages.length === 2)
  expect(own.messages).toEqual([{ type: 'ready' }, { type: 'changed' }, { type: 'changed' }])
  for (const { socket } of [own, ...bystanders]) socket.close()
})

const streamOfLink = (token: string, cookie = '') =>
  world.api.stream(`/api/v1/shared/${token}/stream`, {
    protocols: ['slipway'],
    headers: { origin: world.api.url, ...(cookie === '' ? {} : { cookie }) },
  })

test('a link shows its session without money or owner, lets nobody say anything, and leads nowhere else', async () => {
  const { share, session, ownerId, personId } = world
  const nobody = openBrowser(world.api.url)
  const shown = await nobody.send('GET', `/api/v1/shared/${share.token}`)
  const events = await nobody.send('GET', `/api/v1/shared/${share.token}/events`)
  const stream = streamOfLink(share.token)
  await stream.until((messages) => messages.some(({ type }) => type === 'ready'))
  for (const text of [shown.body, events.body, stream.messages].map((found) => JSON.stringify(found))) {
    expect(text).toContain(PRIVATE_WORD)
    for (const secret of [ownerId, personId, 'owner@example.org', '/srv/', '5000000']) expect(text).not.toContain(secret)
  }
  expect(shown.body.cost).toBe(undefined)
  const { head } = shown.body
  stream.socket.send('{"type":"user-message","text":"obey","mode":"steer"}')
  stream.socket.ping()
  await new Promise((heard) => stream.socket.once('pong', heard))
  expect((await nobody.send('GET', `/api/v1/shared/${share.token}`)).body.head).toBe(head)
  stream.socket.close()

  for (const [id, probe] of Object.entries(probes).filter(([, { kind }]) => kind !== 'shared')) {
    const path = wholePath(probe.path(world))
    for (const headers of [
      { authorization: `Bearer ${share.token}` },
      { authorization: `Bearer slipway_${share.token}` },
      { cookie: `slipway.session_token=${share.token}` },
    ]) {
      expect([id, (await nobody.send(methodOf(id), path, probe.body, headers)).status]).toEqual([id, 401])
    }
  }
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const { status, body } = await nobody.send(method, `/api/v1/shared/${share.token}`, {})
    expect([method, status, body]).toEqual([method, 401, expect.anything()])
  }
  expect((await nobody.send('GET', `/api/v1/shared/${share.token}/usage`)).status).toBe(401)
  // A session's id is no link to it.
  expect((await nobody.send('GET', `/api/v1/shared/${session}`)).status).toBe(404)
})

test('a link names no place on the server, whoever looks through it, and what is being said comes through it as it is said', async () => {
  const { api, browsers, ownerId } = world
  const repository = '/srv/secret-place/clock'
  const script = { model: 'scripted//home/secret-place/fix.yaml', effort: null, fallback: 'scripted/secret-place/other.yaml' }
  const roles = { plan: script, code: script, explore: script, summarise: script, title: script }
  const create = (url: string) => api.db.create({ ownerId, roles, repository: { url, forge: 'local', slug: null, base: null } })
  const [sessionId, unshared] = [await create(repository), await create('/srv/clock')]
  const { token } = (await browsers.owner.send('POST', `/api/v1/sessions/${sessionId}/shares`, {})).body
  const viewers = callers.map((name) => streamOfLink(token, browsers[name].cookies()))
  for (const { until } of viewers) await until((messages) => messages.some(({ type }) => type === 'ready'))

  const { publish } = api.runtime.ports.bus
  const said = { callId: 'c', channel: 'text' as const, offset: 0, text: `Looking for the ${PRIVATE_WORD}` }
  publish({ kind: 'delta', delta: { ...said, sessionId: unshared } })
  publish({ kind: 'delta', delta: { ...said, sessionId } })
  const effect = { kind: 'change-request' as const, title: `Push to ${repository}`, reason: '', reversible: '', hash: 'f'.repeat(64) }
  await api.db.append(sessionId, [
    {
      type: 'model-requested',
      callId: 'c',
      role: 'code',
      model: script.model,
      attempt: 1,
      promptSha: '',
      reservedMicros: 7_654_321,
      forCallId: null,
    },
    {
      type: 'model-failed',
      callId: 'c',
      kind: 'rejected',
      message: 'The script /home/secret-place/fix.yaml cannot be read',
      status: null,
      retryAt: null,
      fallback: script.fallback,
      costMicros: 0,
    },
    {
      type: 'human-asked',
      askId: 'a',
      kind: 'approval',
      question: 'Push?',
      options: [],
      callId: null,
      effect: { ...effect, details: [['repository', repository]] },
      expiresAt: null,
    },
  ])
  for (const { messages, until, socket } of viewers) {
    await until((all) => all.some(({ event }) => event?.body.type === 'human-asked'))
    expect(messages.filter(({ type }) => type === 'delta')).toEqual([{ type: 'delta', delta: said }])
    const text = JSON.stringify(messages)
    expect(text).toContain('scripted/fix.yaml')
    for (const secret of ['secret-place', '/srv/', effect.hash, '7654321', ownerId]) expect(text).not.toContain(secret)
    socket.close()
  }
  for (const name of callers) {
    for (const path of ['', '/events']) {
      const text = JSON.stringify((await browsers[name].send('GET', `/api/v1/shared/${token}${path}`)).body)
      expect(text).toContain('Push to clock')
      for (const secret of ['secret-place', '/srv/', effect.hash, ownerId]) expect([path, text]).not.toContain(secret)
    }
  }
})

test('a link that is withdrawn, has run out or never was leads nowhere, for who looks through it now too', async () => {
  const { owner } = world.browsers
  const nobody = openBrowser(world.api.url)
  const made = (await owner.send('POST', `/api/v1/sessions/${world.session}/shares`, {})).body
  const short = (
    await owner.send('POST', `/api/v1/sessions/${world.session}/shares`, { expiresAt: new Date(Date.now() + 60_000).toISOString() })
  ).body
  await world.api.db.store.database.pool.query('update shares set expires_at = clock_timestamp() where id = $1', [short.id])
  const stream = streamOfLink(made.token)
  await stream.until((messages) => messages.some(({ type }) => type === 'ready'))
  await owner.send('DELETE', `/api/v1/sessions/${world.session}/shares/${made.id}`)
  expect(await stream.closed).toEqual({ code: 4401 })
  for (const token of [made.token, short.token, world.withdrawn.token, 'A'.repeat(32)]) {
    for (const path of [`/api/v1/shared/${token}`, `/api/v1/shared/${token}/events`]) {
      const { status, body } = await nobody.send('GET', path)
      expect([status, body.error.message]).toEqual([
        404,
        'This link leads nowhere. It may have been withdrawn or have run out; ask for a new one.',
      ])
    }
    expect(await streamOfLink(token).closed).toEqual({ code: 404 })
  }
})

test('a key is its person and no more: it makes no keys, signs nothing out, and ends when it is revoked or its person is shut out', async () => {
  const { api, session, browsers } = world
  const made = (await browsers.owner.send('POST', '/api/v1/keys', { name: 'short-lived' })).body
  const nobody = openBrowser(api.url)
  const withKey = (key: string) => (method: string, path: string, body?: unknown) =>
    nobody.send(method, `/api/v1${path}`, body, { authorization: `Bearer ${key}`, origin: '' })
  const by = withKey(made.key)
  expect((await by('GET', `/sessions/${session}`)).status).toBe(200)
  expect((await by('GET', '/me')).body).toMatchObject({ via: 'key', email: 'owner@example.org' })
  for (const [method, path, body] of [
    ['POST', '/keys', { name: 'more' }],
    ['DELETE', '/devices', undefined],
    ['DELETE', `/devices/${world.device}`, undefined],
    ['GET', '/people', undefined],
  ] as const)
    expect([path, (await by(method, path, body)).status]).toEqual([path, 403])
  const ofAdministrator = (await browsers.administrator.send('POST', '/api/v1/keys', { name: 'admin' })).body.key
  expect((await withKey(ofAdministrator)('PATCH', `/people/${world.personId}`, { role: 'administrator' })).status).toBe(403)

  const stream = api.stream(`/api/v1/sessions/${session}/stream`, { protocols: ['slipway', `bearer.${made.key}`] })
  await stream.until((messages) => messages.some(({ type }) => type === 'ready'))
  await browsers.owner.send('DELETE', `/api/v1/keys/${made.id}`)
  expect(await stream.closed).toEqual({ code: 4401 })
  expect((await by('GET', '/me')).status).toBe(401)
  for (const wrong of [`${world.key}x`, world.key.slice(0, -1), 'slipway_', 'slipway_%27or%271'])
    expect((await withKey(wrong)('GET', '/me')).status).toBe(401)
  const { rows } = await api.db.store.database.pool.query<{ text: string }>('select k::text as text from api_keys k')
  expect(rows.map(({ text }) => text).join()).not.toContain(made.key.slice('slipway_'.length))
})

test('the sign-in library’s own routes are not there', async () => {
  const own = [
    'get-session',
    'list-sessions',
    'revoke-session',
    'revoke-sessions',
    'update-user',
    'delete-user',
    'change-email',
    'link-social',
    'list-accounts',
    'unlink-account',
    'get-access-token',
    'refresh-token',
    'account-info',
    'sign-up/email',
    'sign-in/email',
    'sign-in/social',
    'oauth2/callback/google',
    'request-password-reset',
    'verify-email',
    'update-session',
    'ok',
    'error',
    'reference',
  ]
  for (const path of own) {
    for (const method of ['GET', 'POST']) {
      const body = method === 'POST' ? {} : undefined
      expect([path, (await world.browsers.anonymous.send(method, `/api/auth/${path}`, body)).status]).toEqual([path, 401])
      expect([path, (await world.browsers.other.send(method, `/api/auth/${path}`, body)).status]).toEqual([path, 404])
    }
  }
})

test('the open doors of signing in tell nobody anything about anybody, and signing out is for who is in', async () => {
  const { browsers } = world
  const open = [
    ['GET', 'ways', undefined, 200],
    ['POST', 'sign-in/magic-link', { email: 'not an address' }, 400],
    ['POST', 'sign-in/magic-link', { email: 'x@example.org', next: '//evil.test' }, 400],
    ['POST', 'sign-in/google', {}, 422],
    ['GET', 'magic-link/verify?token=guess', undefined, 302],
    ['GET', 'callback/google?code=x&state=y', undefined, 302],
  ] as const
  for (const [method, path, body, status] of open) {
    const answers = [
      await openBrowser(world.api.url).send(method, `/api/auth/${path}`, body),
      await browsers.viewer.send(method, `/api/auth/${path}`, body),
    ]
    expect([path, ...answers.map((answer) => answer.status)]).toEqual([path, status, status])
    for (const { body: told, headers } of answers) {
      expect(JSON.stringify(told)).not.toMatch(/@example\.org|quartz/)
      expect(headers.get('location') ?? '/sign-in?error=').toMatch(/^\/sign-in\?error=/)
    }
  }
  expect((await openBrowser(world.api.url).send('POST', '/api/auth/sign-out', {})).status).toBe(401)
})

test('the ways to a provider and back are for who is signed in and may change something, and tell nobody anything', async () => {
  const { browsers, connection } = world
  const way = (name: CallerName, path: string) => browsers[name].send('GET', `/api/integrations/${path}`)
  expect([(await way('anonymous', 'vercel/auth')).status, (await way('viewer', 'vercel/auth')).status]).toEqual([401, 403])
  for (const path of ['nowhere/auth', `${connection}/callback`, 'vercel/auth?next=//evil.test']) {
    expect([path, (await way('other', path)).status]).toEqual([path, 400])
  }
  for (const name of ['anonymous', 'viewer', 'other', 'administrator'] as const) {
    const { status, headers, body } = await way(name, 'vercel/callback?code=guess&state=guess')
    expect([name, status, body]).toEqual([name, 302, ''])
    expect(headers.get('location')).toMatch(/^\/(sign-in|settings\?provider=vercel&connection=expired#connections)$/)
  }
  const { headers } = await way('other', 'vercel/auth')
  const state = new URL(headers.get('location') ?? '').searchParams.get('state')
  const stolen = await way('administrator', `vercel/callback?code=guess&state=${state}`)
  expect(stolen.headers.get('location')).toContain('connection=expired')
})

test('what machines ask tells nobody anything of a session, and its description is for who is signed in', async () => {
  const { browsers, session, ownerId, personId } = world
  for (const name of callers) {
    for (const [path, status] of [
      ['/health', 200],
      ['/readiness', 200],
      ['/metrics', 200],
      ['/api/v1/openapi.json', name === 'anonymous' ? 401 : 200],
    ] as const) {
      const answer = await browsers[name].send('GET', path)
      expect([name, path, answer.status]).toEqual([name, path, status])
      const text = JSON.stringify(answer.body)
      for (const secret of [PRIVATE_WORD, session, ownerId, personId, '@example.org']) expect([path, text]).not.toContain(secret)
    }
  }
})

test('tools that speak the Model Context Protocol see the boards of their own person only', async () => {
  const { browsers } = world
  const tell = (name: CallerName, method: string, params: object = {}) =>
    browsers[name].send('POST', '/api/v1/mcp', { jsonrpc: '2.0', id: 1, method, params }, { accept: 'application/json, text/event-stream' })
  const uri = `slipway://board/${encodeURIComponent(`/srv/${PRIVATE_WORD}`)}`
  for (const method of ['resources/list', 'resources/read']) expect((await tell('anonymous', method)).status).toBe(401)
  for (const name of ['viewer', 'other', 'administrator', 'owner'] as const) {
    const listed = await tell(name, 'resources/list')
    const read = await tell(name, 'resources/read', { uri })
    const text = (answer: Answer) => (typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
    expect([name, listed.status, text(listed).includes(PRIVATE_WORD)]).toEqual([name, 200, name === 'owner'])
    // Where somebody else's repository is named, there is nothing on the board.
    expect([name, read.status, /"sessions\\?": ?0/.test(text(read))]).toEqual([name, 200, name !== 'owner'])
    expect([name, text(read).includes(world.session)]).toEqual([name, name === 'owner'])
  }
})

test('a delivery proves itself by its signature: who is signed in may deliver no more than nobody', async () => {
  const { browsers } = world
  for (const name of callers) {
    for (const [provider, status] of [
      ['github', 503],
      ['gitlab', 503],
      ['notion', 503],
      ['vercel', 503],
      ['nobody', 404],
    ] as const) {
      const { status: answered, body } = await browsers[name].send('POST', `/api/webhooks/${provider}`, { action: 'opened' })
      expect([name, provider, answered]).toEqual([name, provider, status])
      expect(JSON.stringify(body)).not.toContain(PRIVATE_WORD)
    }
    expect((await browsers[name].send('GET', '/api/webhooks/github')).status).toBe(name === 'anonymous' ? 401 : 404)
  }
})

test('the last administrator stays one, whatever two of them do at the same moment', async () => {
  const { administrator } = world.browsers
  const { people } = (await administrator.send('GET', '/api/v1/people')).body
  const admin = people.find(({ isYou }: { isYou: boolean }) => isYou)
  expect((await administrator.send('PATCH', `/api/v1/people/${admin.id}`, { role: 'member' })).status).toBe(409)
  expect((await administrator.send('PATCH', `/api/v1/people/${admin.id}`, { isDisabled: true })).status).toBe(409)
  const other = people.find(({ email }: { email: string }) => email === 'other@example.org')
  await administrator.send('PATCH', `/api/v1/people/${other.id}`, { role: 'administrator' })
  const both = await Promise.all(
    [admin.id, other.id].map((id: string) => administrator.send('PATCH', `/api/v1/people/${id}`, { role: 'member' })),
  )
  expect(both.map(({ status }) => status).sort()).not.toEqual([200, 200])
  const { rows } = await world.api.db.store.database.pool.query(`select id from people where role = 'administrator'`)
  expect(rows.length).toBeGreaterThan(0)
  await world.api.db.store.database.pool.query(
    `update people set role = case id when $1 then 'administrator' else 'member' end where id = any($2)`,
    [admin.id, [admin.id, other.id]],
  )
})

// The owner comes last, because the owner's requests take things away.
test.each(Object.entries(probes))('%s', async (id, probe) => {
  for (const name of callers) {
    const wanted = expected(name, probe)
    const answer = await ask(name, id, probe)
    const text = JSON.stringify(answer.body)
    expect([name, outcome(answer, wanted), answer.status >= 300 ? text : ''], text.slice(0, 300)).toEqual([
      name,
      wanted,
      answer.status >= 300 ? text : '',
    ])
    if (name !== 'owner' && probe.kind !== 'shared')
      expect(text, `${id} tells ${name} something of the owner's`).not.toContain(PRIVATE_WORD)
    expect(text, `${id} tells ${name} whose it is`).not.toContain(name === 'owner' ? 'nobody has this' : world.ownerId)
  }
})
