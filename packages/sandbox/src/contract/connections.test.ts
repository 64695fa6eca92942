import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type Sandbox, type SandboxConnection, SandboxLost } from '@slipway/core/ports'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backendsUnderTest, type Bench, MIB, openBench } from './harness.ts'

/** Says what it hears, and ends when the other side does. */
const ECHO = `require('net').createServer({ allowHalfOpen: true }, (c) => c.on('error', () => {}).pipe(c))`
/** Talks without end to whoever connects, and counts what the kernel took from it. */
const FLOOD = `let sent = 0; const piece = Buffer.alloc(65536); setInterval(() => process.stdout.write(sent + '\\n'), 50)
require('net').createServer((c) => { const go = () => { while (c.write(piece)) sent += piece.length; }; c.on('drain', go).on('error', () => {}); go() })`

describe.each(backendsUnderTest())('connections into %s', (backend) => {
  let bench: Bench
  let sandbox: Sandbox
  beforeAll(async () => {
    bench = await openBench(backend)
    sandbox = await bench.create()
    await serve(sandbox, `${ECHO}.listen(4001, '127.0.0.1', ready)`)
  })
  afterAll(() => bench.close())

  test('what listens is listed, our own proxy is not, and both kinds of loopback are reached', async () => {
    await serve(sandbox, `${ECHO}.listen(4002, '::1', ready)`)
    expect(await sandbox.listeningPorts()).toEqual([4001, 4002])
    for (const port of [4001, 4002]) {
      const connection = await open(sandbox, port)
      await connection.write(Buffer.from(`hello ${port}`))
      connection.endInput()
      expect([port, String(await readAll(connection))]).toEqual([port, `hello ${port}`])
      await connection.closed
    }
  })

  test('megabytes pass both ways unchanged', async () => {
    const bytes = randomBytes(3 * MIB)
    const connection = await open(sandbox, 4001)
    const answer = readAll(connection)
    expect(await connection.write(bytes)).toBe(true)
    connection.endInput()
    expect(sha(await answer)).toBe(sha(bytes))
  })

  test('where nothing listens is told so, also when something listens there on the host', async () => {
    const onHost = createServer((socket) => socket.end('the host'))
    onHost.listen(0, '127.0.0.1')
    await once(onHost, 'listening')
    const { port } = onHost.address() as AddressInfo
    for (const wrong of [port, 1, 0, 65_536, -1, 1.5])
      expect(await sandbox.connect({ port: wrong, timeoutMs: 60_000 })).toMatchObject({ ok: false, kind: 'refused' })
    onHost.close()
  })

  test('many at once do not mix, one too many is refused, and closing one makes room', async () => {
    const connections = await Promise.all(Array.from({ length: 64 }, () => open(sandbox, 4001)))
    expect(await sandbox.connect({ port: 4001, timeoutMs: 60_000 })).toMatchObject({ ok: false, kind: 'too-many' })
    const answers = await Promise.all(
      connections.map(async (connection, index) => {
        await connection.write(Buffer.from(`number ${index}`))
        connection.endInput()
        return String(await readAll(connection))
      }),
    )
    expect(answers).toEqual(connections.map((_, index) => `number ${index}`))
    await Promise.all(connections.map(({ closed }) => closed))
    ;(await open(sandbox, 4001)).close()
  })

  test('an endless answer waits for its reader: neither the host nor the sender runs ahead', async () => {
    let sent = 0
    await serve(sandbox, `${FLOOD}.listen(4003, '127.0.0.1', ready)`, (text) => {
      sent = Number(text.trim().split('\n').at(-1)) || sent
    })
    const before = process.memoryUsage.rss()
    const connection = await open(sandbox, 4003)
    const chunks = connection.incoming[Symbol.asyncIterator]()
    await chunks.next()
    // There is no end to it, but it comes to stand.
    for (let standing = -1; sent !== standing; await delay(500)) standing = sent
    expect(process.memoryUsage.rss() - before).toBeLessThan(48 * MIB)
    for (let read = 0; read < 8 * MIB; ) read += (await chunks.next()).value?.length ?? 0
    connection.close()
    await connection.closed
    expect((await chunks.next()).done).toBe(true)
  })

  test('what closes inside ends outside, and writing to it says so', async () => {
    await serve(sandbox, `require('net').createServer((c) => c.on('error', () => {}).destroy()).listen(4004, '127.0.0.1', ready)`)
    const connection = await open(sandbox, 4004)
    expect(String(await readAll(connection))).toBe('')
    // As over a network, it takes a write to learn that nobody reads either.
    while (await connection.write(Buffer.from('x'))) await delay(5)
    await connection.closed
  })

  test('the end of the sandbox is the end of its connections', async () => {
    const doomed = await bench.create()
    await serve(doomed, `${ECHO}.listen(4001, '127.0.0.1', ready)`)
    const connection = await open(doomed, 4001)
    const reading = expect(readAll(connection)).rejects.toThrow(SandboxLost)
    await doomed.close({ deleteWorkspace: true })
    await reading
    await connection.closed
    await expect(doomed.connect({ port: 4001, timeoutMs: 1_000 })).rejects.toThrow(SandboxLost)
    await expect(doomed.listeningPorts()).rejects.toThrow(SandboxLost)
  })
})

/** Runs a server that calls `ready` when it listens; resolves then. */
async function serve(sandbox: Sandbox, script: string, onText: (text: string) => void = () => undefined): Promise<void> {
  const listening = Promise.withResolvers<void>()
  const server = await sandbox.start({
    argv: ['node', '-e', `const ready = () => console.log('ready');${script}`],
    onOutput(chunk, stream) {
      const text = Buffer.from(chunk).toString('utf8')
      if (stream === 'stderr') listening.reject(new Error(text))
      if (text.includes('ready')) listening.resolve()
      onText(text)
    },
  })
  server.exited.catch(() => undefined)
  await listening.promise
}

async function open(sandbox: Sandbox, port: number): Promise<SandboxConnection> {
  const result = await sandbox.connect({ port, timeoutMs: 10_000 })
  if (!result.ok) throw new Error(result.message)
  return result.connection
}

async function readAll(connection: SandboxConnection): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of connection.incoming) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function sha(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
