import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { accountOfToken } from '../testing/account-of-token.ts'
import { createGithubClient } from './github-client.ts'
import { githubSettings } from './github-settings.ts'

const signal = new AbortController().signal
const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function listen(handler: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(handler)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function clientOf(url: string, requestTimeoutMs = 5000) {
  const made = githubSettings({ url, requestTimeoutMs })
  if (!made.ok) throw new Error(made.message)
  return createGithubClient({ settings: made.settings, account: accountOfToken('github', 'ghp_token'), nowMs: Date.now })
}

it('gives up at its deadline when nothing answers', async () => {
  const url = await listen(() => {})
  const found = await clientOf(url, 200).getRepository('acme/widgets', signal)
  expect(found).toMatchObject({
    ok: false,
    isAnswerLost: true,
    failure: { problem: 'network', message: expect.stringContaining('did not answer in time') },
  })
})

it('gives up when the caller stops it', async () => {
  const stop = new AbortController()
  const url = await listen(() => stop.abort())
  const found = await clientOf(url).getRepository('acme/widgets', stop.signal)
  expect(found).toMatchObject({ ok: false, failure: { problem: 'network', message: expect.stringContaining('stopped') } })
})

it('says when nobody listens', async () => {
  const found = await clientOf('http://127.0.0.1:9').getRepository('acme/widgets', signal)
  expect(found).toMatchObject({ ok: false, failure: { problem: 'network' } })
})

it("takes a proxy's page with status 200 for a network failure", async () => {
  const url = await listen((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'))
  const found = await clientOf(url).getRepository('acme/widgets', signal)
  expect(found).toMatchObject({ ok: false, failure: { problem: 'network', message: expect.stringContaining('did not come from GitHub') } })
})

it('does not carry a write to where a redirect points, nor the token to another host', async () => {
  const seen: (string | undefined)[] = []
  const elsewhere = await listen((request, response) => {
    seen.push(`${request.method} ${request.headers.authorization}`)
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"Not Found"}')
  })
  const url = await listen((request, response) =>
    response.writeHead(request.method === 'GET' ? 301 : 307, { location: `${elsewhere}/moved` }).end(),
  )
  const client = clientOf(url)
  const input = { slug: 'acme/widgets', branch: 'topic', base: 'main', title: 'A', body: '', draft: false }
  expect(await client.createPull(input, signal)).toMatchObject({ ok: false, failure: { problem: 'conflict' } })
  expect(seen).toEqual([])
  expect(await client.getRepository('acme/widgets', signal)).toMatchObject({ ok: false, failure: { problem: 'not-found' } })
  expect(seen).toEqual(['GET undefined'])
})

it('drops pull requests of other branches and forks when the server ignores the filter', async () => {
  const entry = (number: number, ref: string, from: string) => ({
    number,
    node_id: `n${number}`,
    html_url: 'https://github.com/acme/widgets/pull/1',
    state: 'open',
    title: 'A',
    body: null,
    merged_at: null,
    head: { ref, sha: 'a'.repeat(40), repo: { full_name: from } },
    base: { ref: 'main', repo: { full_name: 'acme/widgets' } },
  })
  const list = [entry(1, 'other', 'acme/widgets'), entry(2, 'topic', 'mallory/widgets'), entry(3, 'topic', 'acme/widgets')]
  const url = await listen((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(list)),
  )
  const found = await clientOf(url).listPulls({ slug: 'acme/widgets', branch: 'topic' }, signal)
  expect(found).toMatchObject({ ok: true, value: [{ number: 3 }] })
})
