// A TCP proxy in front of a server that does to connections what networks do: ends them in the middle of a message, or stops.

import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net'

export interface CuttingProxy {
  port: number
  /** The next connection breaks after so many bytes from the server, in the middle of a message as a rule; null: never. */
  breakNextAfter(bytes: number | null): void
  /** Breaks what is open now. */
  breakNow(): void
  /** Takes nothing more from the server, as a viewer that does not read. */
  stall(): void
  resume(): void
  /** Bytes from the server that went through. */
  passed(): number
  close(): Promise<void>
}

/** Listens on a free loopback port and passes everything on to `port`. */
export async function startCuttingProxy(port: number): Promise<CuttingProxy> {
  const open = new Map<Socket, Socket>()
  let isStalled = false
  let next: number | null = null
  let passed = 0
  let broken = 0

  // By turns an orderly end in a disorderly place and a reset.
  function breakUp(client: Socket, upstream: Socket): void {
    open.delete(client)
    broken += 1
    for (const socket of [client, upstream]) {
      if (broken % 2 === 0) socket.resetAndDestroy()
      else socket.destroy()
    }
  }

  const server = createServer((client) => {
    const upstream = createConnection({ port, host: '127.0.0.1' })
    let left = next ?? Number.POSITIVE_INFINITY
    next = null
    open.set(client, upstream)
    client.pipe(upstream)
    upstream.on('data', (bytes: Buffer) => {
      const whole = left >= bytes.length
      passed += Math.min(left, bytes.length)
      if (!whole) return void client.write(bytes.subarray(0, left), () => breakUp(client, upstream))
      left -= bytes.length
      if (!client.write(bytes)) {
        upstream.pause()
        client.once('drain', () => isStalled || upstream.resume())
      }
    })
    upstream.on('end', () => client.end())
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(client)
        other.end()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port, // a TCP server has one
    breakNextAfter: (bytes) => void (next = bytes),
    breakNow: () => open.forEach((upstream, client) => breakUp(client, upstream)),
    stall() {
      isStalled = true
      for (const upstream of open.values()) upstream.pause()
    },
    resume() {
      isStalled = false
      for (const upstream of open.values()) upstream.resume()
    },
    passed: () => passed,
    close() {
      for (const [client, upstream] of open) breakUp(client, upstream)
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
