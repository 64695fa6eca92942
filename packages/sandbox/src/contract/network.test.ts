import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EgressDecision, Sandbox } from '@slipway/core/ports'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backendsUnderTest, type Bench, openBench, sh } from './harness.ts'

const NAMES: Record<string, string[]> = {
  'good.test': ['127.0.0.1'],
  'other.test': ['127.0.0.1'],
  'mixed.test': ['8.8.8.8', '10.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  'mapped.test': ['::ffff:127.0.0.1'],
}

describe.each(backendsUnderTest())('the network of %s', (backend) => {
  let bench: Bench
  let sandbox: Sandbox
  let https: Server
  let http: Server
  let tls = 0
  let plain = 0
  let received = 0
  const certificates = mkdtempSync(join(tmpdir(), 'slipway-tls-'))

  beforeAll(async () => {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-keyout',
        join(certificates, 'key'),
        '-out',
        join(certificates, 'cert'),
        '-days',
        '1',
        '-subj',
        '/CN=good.test',
        '-addext',
        'subjectAltName=DNS:good.test,DNS:other.test',
      ],
      { stdio: 'ignore' },
    )
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      request.on('data', (chunk: Buffer) => {
        received += chunk.length
      })
      request.on('end', () => response.end(`hello ${request.url}`))
    }
    https = createHttps({ key: readFileSync(join(certificates, 'key')), cert: readFileSync(join(certificates, 'cert')) }, answer)
    http = createHttp(answer)
    for (const server of [https, http]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    tls = (https.address() as AddressInfo).port
    plain = (http.address() as AddressInfo).port
    bench = await openBench(backend, {
      environment: { ...process.env, SLIPWAY_EGRESS_ALLOW_PRIVATE: `good.test:${tls},good.test:${plain}` },
      resolve: async (host) => NAMES[host] ?? [],
    })
    sandbox = await bench.create({
      egress: {
        allow: [
          `good.test:${tls}`,
          `good.test:${plain}`,
          `other.test:${tls}`,
          'mixed.test',
          'metadata.test',
          'mapped.test',
          'nowhere.test',
        ],
        uploadLimitBytes: 3_000_000,
      },
    })
  })
  afterAll(async () => {
    await bench.close()
    https.close()
    http.close()
    rmSync(certificates, { recursive: true, force: true })
  })

  const curl = async (rest: string): Promise<string> =>
    (
      await sh(
        sandbox,
        `curl -s -k -m 8 -o /tmp/o -D /tmp/h -w '%{http_code}/%{http_connect}' ${rest}; echo " $(grep -i -o 'x-slipway-deny-reason: [a-z-]*' /tmp/h | head -1 | cut -d' ' -f2)"; rm -f /tmp/o /tmp/h`,
      )
    ).stdout.trim()

  test('an allowed host answers over TLS and over plain HTTP', async () => {
    expect((await sh(sandbox, `curl -s -k -m 8 https://good.test:${tls}/a`)).stdout).toBe('hello /a')
    expect((await sh(sandbox, `curl -s -m 8 'http://GOOD.test.:${plain}/b?c'`)).stdout).toBe('hello /b?c')
    expect(bench.decisions.find((each) => each.host === 'good.test' && each.port === tls)).toMatchObject({
      decision: 'allowed',
      phase: 'agent',
      count: 1,
    })
  })

  test('everything else is refused with its reason', async () => {
    expect(await curl('https://evil.test')).toBe('000/403 not-allowed')
    expect(await curl(`https://good.test:22`)).toBe('000/403 not-allowed')
    expect(await curl(`http://good.test.evil.test:${plain}/`)).toBe('403/000 not-allowed')
    for (const host of ['mixed.test', 'metadata.test', 'mapped.test'])
      expect([host, await curl(`https://${host}`)]).toEqual([host, '000/403 blocked-address'])
    expect(await curl(`https://other.test:${tls}`)).toBe('000/403 blocked-address')
    expect(await curl('https://nowhere.test')).toBe('000/403 unresolved')
    for (const host of ['2130706433', '0x7f.1', '127.0.0.1', '169.254.169.254'])
      expect([host, await curl(`--noproxy '' http://${host}:${plain}/`)]).toEqual([host, '403/000 not-allowed'])
    expect(
      (
        await sh(
          sandbox,
          `printf 'CONNECT good.test%%00.evil:${tls} HTTP/1.1\\r\\n\\r\\n' | (exec 3<>/dev/tcp/127.0.0.1/3128; cat >&3; timeout 3 head -2 <&3)`,
        )
      ).stdout,
    ).toMatch(/403 Forbidden[\s\S]*malformed-host/)
    expect(bench.decisions.find((each) => each.host === 'evil.test')).toMatchObject({
      decision: 'denied',
      reason: 'not-allowed',
      port: 443,
    })
  })

  test('a tunnel carries TLS for its own host only', async () => {
    const tunnel = async (script: string): Promise<string> =>
      (
        await sh(
          sandbox,
          `exec 3<>/dev/tcp/127.0.0.1/3128; printf 'CONNECT good.test:${tls} HTTP/1.1\\r\\n\\r\\n' >&3; read -r line <&3; echo "$line"; read -r line <&3; ${script}`,
        )
      ).stdout
    expect(await tunnel(`printf 'GET / HTTP/1.1\\r\\nhost: good.test\\r\\n\\r\\n' >&3; timeout 5 cat <&3; echo closed`)).toMatch(
      /200[^\n]*\nclosed/,
    )
    expect(bench.decisions.some((each) => each.reason === 'not-tls')).toBe(true)
    expect(await curl(`--connect-to other.test:${tls}:good.test:${tls} https://other.test:${tls}/`)).toMatch(/^000\/200/)
    expect(bench.decisions.some((each) => each.reason === 'server-name-mismatch' && each.host === 'good.test')).toBe(true)
  })

  test('what goes up is counted and ends', async () => {
    const own = await bench.create({ egress: { allow: [`good.test:${plain}`], uploadLimitBytes: 200_000 } })
    received = 0
    await sh(own, `head -c 5000000 /dev/zero > f; curl -s -m 8 -T f http://good.test:${plain}/up`)
    expect(received).toBeLessThan(1_000_000)
    expect(bench.decisions.some((each) => each.reason === 'upload-limit')).toBe(true)
  })

  test('rules can be replaced, and repeated attempts are folded', async () => {
    const decisions: EgressDecision[] = []
    const own = await bench.create({ egress: { allow: [], uploadLimitBytes: 1_000 }, onEgress: (decision) => decisions.push(decision) })
    await sh(own, `for i in 1 2 3 4 5 6; do curl -s -m 5 http://good.test:${plain}/; done`)
    await own.setEgress({ allow: [`good.test:${plain}`], uploadLimitBytes: 1_000 }, 'setup')
    expect(decisions).toEqual(
      [1, 5].map((count) => ({ host: 'good.test', port: plain, decision: 'denied', reason: 'not-allowed', phase: 'agent', count })),
    )
    expect((await sh(own, `curl -s -m 5 http://good.test:${plain}/now`)).stdout).toBe('hello /now')
    expect(decisions.at(-1)).toMatchObject({ decision: 'allowed', phase: 'setup' })
  })
})
