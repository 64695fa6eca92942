// The proxy's socket is the one thing of the host that a sandbox can talk to. What it is made to swallow, and what it says then.

import { readdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Sandbox } from '@slipway/core/ports'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backendsUnderTest, type Bench, MIB, openBench, sh } from './harness.ts'

/** Names that an attacker's own server answers with what it likes; `rebind.test` answers once. */
const NAMES: Record<string, string[]> = {
  'good.test': ['127.0.0.1'],
  'loopback.test': ['127.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  'mixed.test': ['8.8.8.8', '10.0.0.1'],
  'mapped.test': ['::ffff:169.254.169.254'],
  'six.test': ['::1'],
  'unique-local.test': ['fd00:ec2::254'],
  'nat64.test': ['64:ff9b::a9fe:a9fe'],
  'six-to-four.test': ['2002:7f00:1::'],
  'zone.test': ['fe80::1%eth0'],
  'carrier.test': ['100.100.100.200'],
  'zero.test': ['0.0.0.0'],
}

/** Every spelling of an address of this machine, its network or a cloud's metadata; none is on the allow-list. */
const ADDRESSES = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f.1',
  '0x7f000001',
  '0177.0.0.1',
  '[::1]',
  '[::ffff:7f00:1]',
  '[::ffff:127.0.0.1]',
  '[0:0:0:0:0:0:0:1]',
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '[::ffff:a9fe:a9fe]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '0',
  '0.0.0.0',
  '[::]',
  'localhost',
  'LOCALHOST.',
  'metadata.google.internal',
]

const MALFORMED = [
  'good.test@evil.test',
  'good.test%00.evil.test',
  'good.test#.evil.test',
  'good.test\\evil.test',
  'good..test',
  '-',
  '[::1',
  '::1',
  '[fe80::1%25eth0]',
  'gооd.test',
]

describe.each(backendsUnderTest())('the proxy of %s', (backend) => {
  let bench: Bench
  let sandbox: Sandbox
  let server: Server
  let port = 0
  let resolved = 0
  const hits: string[] = []

  beforeAll(async () => {
    server = createServer((request, response) => {
      hits.push(`${request.headers.host}${request.url}`)
      response.end('hello')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
    bench = await openBench(backend, {
      environment: { SLIPWAY_EGRESS_ALLOW_PRIVATE: `good.test:${port},rebind.test:${port}` },
      resolve: async (host) => (host === 'rebind.test' ? ((resolved += 1) === 1 ? ['127.0.0.1'] : []) : (NAMES[host] ?? [])),
    })
    const names = [...Object.keys(NAMES), 'rebind.test'].map((name) => `${name}:${port}`)
    sandbox = await bench.create({ egress: { allow: names, uploadLimitBytes: MIB } })
  })
  afterAll(async () => {
    await bench.close()
    server.closeAllConnections()
    server.close()
  })

  /** Sends each text to the proxy as it is and returns the reason of each refusal, or the status line. */
  async function ask(requests: string[]): Promise<string[]> {
    await sandbox.writeFile('ask.json', Buffer.from(JSON.stringify(requests)), {})
    const script = `
import json, re, socket
for text in json.load(open('ask.json')):
  s = socket.create_connection(('127.0.0.1', 3128)); s.settimeout(5); s.sendall(text.encode('utf8', 'surrogateescape'))
  answer = b''
  try:
    while b'\\r\\n\\r\\n' not in answer:
      part = s.recv(65536)
      if not part: break
      answer += part
  except OSError: pass
  s.close()
  reason = re.search(rb'deny-reason: ([a-z-]+)', answer)
  print(reason.group(1).decode() if reason else answer.split(b'\\r\\n')[0].decode() or 'closed')
`
    await sandbox.writeFile('ask.py', Buffer.from(script), {})
    const answer = await sh(sandbox, 'python3 ask.py', { timeoutMs: 60_000 })
    expect(answer.stderr).toBe('')
    return answer.stdout.trim().split('\n')
  }
  const connect = (host: string): string => `CONNECT ${host}:${port} HTTP/1.1\r\n\r\n`
  const get = (host: string): string => `GET http://${host}:${port}/ HTTP/1.1\r\nhost: good.test\r\n\r\n`

  test('no spelling of an address of the host or its network is taken for an allowed one', async () => {
    const reasons = await ask(ADDRESSES.flatMap((host) => [connect(host), get(host)]))
    expect(ADDRESSES.flatMap((host) => [host, host]).map((host, at) => [host, reasons[at]])).toEqual(
      ADDRESSES.flatMap((host) => [host, host]).map((host) => [host, 'not-allowed']),
    )
  })

  test('an allowed name that leads to the host, its network or metadata is refused, whatever else it leads to', async () => {
    const names = Object.keys(NAMES).filter((name) => name !== 'good.test')
    const reasons = await ask(names.flatMap((name) => [connect(name), get(name)]))
    expect(reasons).toEqual(names.flatMap(() => ['blocked-address', 'blocked-address']))
  })

  test('what is no plain host name is refused, and no part of it is believed', async () => {
    const reasons = await ask(MALFORMED.flatMap((host) => [connect(host), get(host)]))
    for (const reason of reasons) expect(['malformed-host', 'not-allowed', 'not-a-proxy-request', 'closed']).toContain(reason)
    expect(await ask([`GET / HTTP/1.1\r\nhost: \x1b]52;c;x\x07\u202e\r\n\r\n`, 'GET / HTTP/1.1\r\nhost: good.test\u00e9\r\n\r\n'])).toEqual(
      ['closed', 'not-a-proxy-request'],
    )
    expect(bench.decisions.filter(({ host }) => /[^\x21-\x7e]/.test(host) && !host.startsWith('('))).toEqual([])
    expect(hits).toEqual([])
  })

  test('a name is looked up once: the address that was judged is the one that is dialled', async () => {
    expect(await ask([get('rebind.test')])).toEqual(['HTTP/1.1 200 OK'])
    expect(resolved).toBe(1)
    expect(await ask([get('rebind.test')])).toEqual(['unresolved'])
  })

  test('a flood of open, silent, slow, endless and malformed requests costs the host few descriptors and ends with the sandbox', async () => {
    const flooder = await bench.create({ egress: { allow: [`good.test:${port}`], uploadLimitBytes: MIB } })
    const script = `
import resource, socket, time
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
kept = []
def open_one(text):
  s = socket.socket(socket.AF_UNIX); s.settimeout(0.2)
  try:
    s.connect('/run/slipway/egress.sock'); s.sendall(text); kept.append(s)
  except OSError: s.close()
for n in range(600): open_one(b'')
for n in range(900):
  open_one([b'', b'CONNECT good.test', b'\\x16\\x03\\x01' * 9, b'GET http://evil%d.test/ HTTP/1.1\\r\\nhost: x\\r\\n\\r\\n' % n, b'GET / HTTP/1.1\\r\\nx: ' + b'y' * 100000, b'CONNECT evil%d.test:443 HTTP/1.1\\r\\n\\r\\n' % n][n % 6])
print('opened', flush=True)
time.sleep(30)
`
    await flooder.writeFile('flood.py', Buffer.from(script), {})
    const before = descriptors()
    const decided = bench.decisions.length
    let most = 0
    const sampling = setInterval(() => {
      most = Math.max(most, descriptors())
    }, 10)
    let isOpened: () => void = () => undefined
    const opened = new Promise<void>((resolve) => {
      isOpened = resolve
    })
    const flooding = await flooder.start({ argv: ['python3', 'flood.py'], onOutput: () => isOpened() })
    await opened
    expect(bench.decisions.length - decided).toBeLessThan(400)
    // Another sandbox's proxy does not notice.
    expect(await ask([get('good.test')])).toEqual(['HTTP/1.1 200 OK'])
    clearInterval(sampling)
    expect(most - before).toBeLessThan(320)
    await flooding.kill()
    expect((await sh(flooder, `curl -s -m 5 http://good.test:${port}/after`)).stdout).toBe('hello')
    await flooder.close({ deleteWorkspace: true })
    expect(descriptors()).toBeLessThan(before + 20)
  })
})

function descriptors(): number {
  return readdirSync('/proc/self/fd').length
}
