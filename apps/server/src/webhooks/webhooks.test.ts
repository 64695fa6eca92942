import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApi, type TestApi } from '../testing/test-api.ts'
import { vercelDeploymentOf } from './vercel-deployment-of.ts'

const secrets = {
  github: 'a secret of GitHub',
  signing: `whsec_${Buffer.from('signing key').toString('base64')}`,
  notion: 'secret_of_notion',
  vercel: 'a secret of Vercel',
}
let api: TestApi
const logs: string[] = []
const require = createRequire(import.meta.url)
const examples = require('@octokit/webhooks-examples/api.github.com/index.json') as {
  name: string
  examples: object[]
}[]

beforeAll(async () => {
  api = await openTestApi({
    logs,
    environment: {
      GITHUB_APP_WEBHOOK_SECRET: secrets.github,
      GITLAB_WEBHOOK_SECRET: secrets.signing,
      NOTION_WEBHOOK_SECRET: secrets.notion,
      VERCEL_WEBHOOK_SECRET: secrets.vercel,
    },
  })
})
afterAll(() => api.close())

async function deliver(to: TestApi, path: string, body: string, headers: Record<string, string>) {
  const answer = await fetch(`${to.url}/api/webhooks/${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  })
  return { status: answer.status, text: await answer.text() }
}

const hmac = (secret: string, body: string) => `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
const stored = async (id: string) =>
  (await api.db.store.database.pool.query('select provider, event, body, state from deliveries where id = $1', [id])).rows

describe('GitHub', () => {
  const github = (body: string, change: Record<string, string> = {}) =>
    deliver(api, 'github', body, {
      'x-github-event': 'issues',
      'x-github-delivery': 'd1',
      'x-hub-signature-256': hmac(secrets.github, body),
      ...change,
    })

  test('every documented event is taken as it is sent', async () => {
    let count = 0
    for (const {
      name,
      examples: [example],
    } of examples) {
      const body = JSON.stringify(example, null, 2)
      const { status } = await github(body, { 'x-github-event': name, 'x-github-delivery': `example ${name}` })
      expect([name, status]).toEqual([name, 202])
      expect(await stored(`example ${name}`)).toEqual([{ provider: 'github', event: name, body, state: 'queued' }])
      count++
    }
    expect(count).toBeGreaterThan(40)
  })

  test('no signature, a wrong one, or the right one of another body: 401, and nothing is stored', async () => {
    const body = '{"action":"opened"}'
    const refused = [
      await github(body, { 'x-hub-signature-256': '' }),
      await github(body, { 'x-hub-signature-256': hmac('another secret', body) }),
      await github(`${body} `, { 'x-hub-signature-256': hmac(secrets.github, body) }),
      await github(body, { 'x-hub-signature-256': hmac(secrets.github, body).slice(0, -1) }),
      await github(body, { 'x-github-delivery': '' }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401])
    expect(await stored('d1')).toEqual([])
  })

  test('the same delivery is taken once, however often it comes at once', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => github('{}', { 'x-github-delivery': 'twice' })))
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(39)
  })

  test('50 MB are refused before they are read, and other methods and providers lead nowhere', async () => {
    const large = Buffer.alloc(50_000_000, 'x')
    const status = await fetch(`${api.url}/api/webhooks/github`, { method: 'POST', body: large }).then(
      (answer) => answer.status,
      // The server closes while the client still sends.
      () => 413,
    )
    expect(status).toBe(413)
    expect((await deliver(api, 'github', 'x'.repeat(5_000_001), {})).text).toContain('5 MB')
    expect((await deliver(api, 'bitbucket', '{}', {})).status).toBe(404)
  })

  test('a delivery may come under any Host and with any Origin, because its signature counts', async () => {
    expect(
      (await github('{}', { 'x-github-delivery': 'tunnel', origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' })).status,
    ).toBe(202)
  })
})

describe('GitLab', () => {
  const key = Buffer.from('signing key')
  const signed = (body: string, at: number, id = 'g1') => ({
    'x-gitlab-event': 'Issue Hook',
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': `v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`,
  })
  const now = () => Math.floor(Date.now() / 1_000)

  test('a signed delivery is taken inside its window, once', async () => {
    const headers = signed('{"object_kind":"issue"}', now())
    expect((await deliver(api, 'gitlab', '{"object_kind":"issue"}', headers)).status).toBe(202)
    expect((await deliver(api, 'gitlab', '{"object_kind":"issue"}', headers)).status).toBe(409)
    expect(await stored('g1')).toMatchObject([{ provider: 'gitlab', event: 'Issue Hook' }])
  })

  test('an old one, one from the future, a changed body or id, and a mere token are refused', async () => {
    const refused = [
      await deliver(api, 'gitlab', '{}', signed('{}', now() - 400, 'g2')),
      await deliver(api, 'gitlab', '{}', signed('{}', now() + 400, 'g2')),
      await deliver(api, 'gitlab', '{ }', signed('{}', now(), 'g2')),
      await deliver(api, 'gitlab', '{}', { ...signed('{}', now(), 'g1'), 'webhook-id': 'g2' }),
      await deliver(api, 'gitlab', '{}', { 'x-gitlab-token': secrets.signing, 'x-gitlab-event-uuid': 'g2' }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401])
  })

  test('a token counts where no signing token is set', async () => {
    const plain = await openTestApi({ environment: { GITLAB_WEBHOOK_SECRET: 'a plain token' } })
    const send = (token: string, id: string) =>
      deliver(plain, 'gitlab', '{}', { 'x-gitlab-token': token, 'x-gitlab-event': 'Note Hook', 'idempotency-key': id })
    expect((await send('a plain token', '1')).status).toBe(202)
    expect((await send('a plain token', '1')).status).toBe(409)
    expect((await send('a plain toke', '2')).status).toBe(401)
    await plain.close()
  })
})

describe('Notion', () => {
  test('a signed delivery is taken by the id in its body', async () => {
    const body = '{"id":"n1","type":"page.properties_updated"}'
    const headers = { 'x-notion-signature': hmac(secrets.notion, body) }
    expect((await deliver(api, 'notion', body, headers)).status).toBe(202)
    expect((await deliver(api, 'notion', body, headers)).status).toBe(409)
    expect((await deliver(api, 'notion', body, {})).status).toBe(401)
    expect(await stored('n1')).toMatchObject([{ event: 'page.properties_updated' }])
    expect((await deliver(api, 'notion', `{"verification_token":"${secrets.notion}"}`, {})).status).toBe(200)
    expect((await deliver(api, 'notion', '{"verification_token":"secret_of_another"}', {})).status).toBe(401)
  })

  test('the token of the handshake is kept for the operator, and is in no log', async () => {
    const lines: string[] = []
    const fresh = await openTestApi({ logs: lines })
    expect((await deliver(fresh, 'notion', '{"verification_token":"secret_handshake1"}', {})).status).toBe(200)
    expect(await readFile(join(fresh.home, 'notion-verification-token'), 'utf8')).toBe('secret_handshake1\n')
    expect(lines.join()).toContain('NOTION_WEBHOOK_SECRET')
    expect(lines.join()).not.toContain('secret_handshake1')
    await fresh.close()
  })
})

describe('Vercel', () => {
  const signed = (body: string, secret = secrets.vercel) => ({
    'x-vercel-signature': createHmac('sha1', secret).update(body).digest('hex'),
  })
  const told = (id: string, deployment: object) => JSON.stringify({ id, type: 'deployment.succeeded', payload: { deployment } })

  test('a signed delivery is taken by the id in its body, once', async () => {
    const body = told('v1', { id: 'dpl_1' })
    expect((await deliver(api, 'vercel', body, signed(body))).status).toBe(202)
    expect((await deliver(api, 'vercel', body, signed(body))).status).toBe(409)
    expect(await stored('v1')).toMatchObject([{ provider: 'vercel', event: 'deployment.succeeded' }])
  })

  test('no signature, one of another secret or body, and no id: 401', async () => {
    const body = told('v2', { id: 'dpl_1' })
    const refused = [
      await deliver(api, 'vercel', body, {}),
      await deliver(api, 'vercel', body, signed(body, 'another secret')),
      await deliver(api, 'vercel', `${body} `, signed(body)),
      await deliver(api, 'vercel', '{"id":7}', signed('{"id":7}')),
    ]
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401])
    expect(await stored('v2')).toEqual([])
  })

  test('tells of a deployment by its id and its commit, and of nothing else', () => {
    const oid = 'a'.repeat(40)
    expect(vercelDeploymentOf(told('v', { id: 'dpl_1', meta: { githubCommitSha: oid } }))).toEqual({ deploymentId: 'dpl_1', oid })
    expect(vercelDeploymentOf(told('v', { id: 'dpl_1', meta: { gitlabCommitSha: 'x' } }))).toEqual({ deploymentId: 'dpl_1', oid: null })
    for (const text of ['', '[]', '{"type":"project.created","payload":{"deployment":{"id":"dpl_1"}}}', told('v', {})])
      expect(vercelDeploymentOf(text)).toBeNull()
  })
})

test('without a secret nothing is taken, and the log says which setting is missing', async () => {
  const lines: string[] = []
  const bare = await openTestApi({ logs: lines })
  for (const provider of ['github', 'gitlab', 'notion', 'vercel'])
    expect((await deliver(bare, provider, '{}', { 'x-hub-signature-256': hmac('', '{}'), 'x-gitlab-token': '' })).status).toBe(503)
  for (const name of ['GITHUB_APP_WEBHOOK_SECRET', 'GITLAB_WEBHOOK_SECRET', 'NOTION_WEBHOOK_SECRET', 'VERCEL_WEBHOOK_SECRET'])
    expect(lines.join()).toContain(name)
  await bare.close()
})

test('no body, secret or signature is in the log', () => {
  const written = logs.join('\n')
  expect(written).toContain('request answered')
  expect(written).not.toMatch(/Codertocat|sha256=|signing key|a secret of GitHub|a secret of Vercel/)
})
