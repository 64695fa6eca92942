import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchImage } from './fetch-image.ts'

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
let server: Server
let inner: Server
let url: string
let innerUrl: string
const asked: string[] = []
const seenHeaders: unknown[] = []

beforeAll(async () => {
  inner = createServer((_request, response) => {
    asked.push('inner')
    response.end(png)
  })
  await new Promise<void>((ready) => inner.listen(0, '127.0.0.1', ready))
  innerUrl = `http://127.0.0.1:${(inner.address() as AddressInfo).port}/secret.png`
  const answers: Record<string, [status: number, headers: Record<string, string>, body: Buffer | string]> = {
    '/a.png': [200, { 'content-type': 'text/html' }, png],
    '/page': [200, { 'content-type': 'image/png' }, '<html><script>alert(1)</script>'],
    '/drawing.svg': [200, { 'content-type': 'image/svg+xml' }, '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    '/large.png': [200, {}, Buffer.concat([png, Buffer.alloc(600_000)])],
    '/moved': [302, { location: '/a.png' }, ''],
    '/inward': [302, { location: innerUrl }, ''],
    '/metadata': [302, { location: 'http://169.254.169.254/latest/meta-data' }, ''],
    '/round': [302, { location: '/round' }, ''],
  }
  server = createServer((request, response) => {
    seenHeaders.push(request.headers)
    if (request.url === '/silent') return
    const [status, headers, body] = answers[request.url ?? ''] ?? [404, {}, 'nothing']
    response.writeHead(status, headers).end(body)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  for (const one of [server, inner]) {
    one.closeAllConnections()
    await new Promise((done) => one.close(done))
  }
})

const fetchFrom = (address: string, timeoutMs = 5_000) => fetchImage(address, { trustedHosts: new Set([new URL(url).host]), timeoutMs })

test('a picture is what its bytes say, whatever it is called, and is fetched without anything of the person', async () => {
  expect(await fetchFrom(`${url}/a.png`)).toEqual({ type: 'image/png', bytes: png })
  expect(await fetchFrom(`${url}/moved`)).toEqual({ type: 'image/png', bytes: png })
  expect(JSON.stringify(seenHeaders)).not.toMatch(/cookie|authorization|referer/i)
})

test.each(['/page', '/drawing.svg', '/large.png', '/none', '/round'])('%s is none', async (path) => {
  expect(await fetchFrom(`${url}${path}`)).toBeNull()
})

test('one that does not come in time is none', async () => {
  expect(await fetchFrom(`${url}/silent`, 100)).toBeNull()
})

test.each([
  () => innerUrl,
  () => `${url}/inward`,
  () => `${url}/metadata`,
  () => innerUrl.replace('127.0.0.1', 'localhost'),
  () => innerUrl.replace('http:', 'https:'),
  () => 'https://127.0.0.1/a.png',
  () => 'https://localhost/a.png',
  () => 'https://[::1]/a.png',
  () => 'https://[::ffff:127.0.0.1]/a.png',
  () => 'https://169.254.169.254/latest/meta-data',
  () => 'https://10.0.0.1/a.png',
  () => ['https://user', ':', 'word', '@example.org/a.png'].join(''),
  () => 'file:///etc/passwd',
  () => 'not an address',
])('nothing is fetched from this machine or its network: case %#', async (address) => {
  expect(await fetchFrom(address())).toBeNull()
  expect(asked).toEqual([])
})
