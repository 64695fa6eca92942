// A CONNECT tunnel carries TLS for the host it was opened for, and nothing else.

import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { readClientHello } from './client-hello.ts'
import type { DenyReason } from './gate.ts'
import { type CanonicalHost, canonicalHost } from './host-name.ts'

const HELLO_LIMIT_MS = 15_000
const HELLO_LIMIT_BYTES = 70 * 1024

export interface TunnelInput {
  client: Duplex
  upstream: Socket
  /** What the client sent right behind its request. */
  head: Buffer
  host: CanonicalHost
  spendUpload(bytes: number): boolean
  onOpen(): void
  onDeny(reason: DenyReason): void
}

/** Reads the ClientHello first; both ends are connected only when its server name is the host. */
export function guardTunnel(input: TunnelInput): void {
  const { client, upstream } = input
  let held = Buffer.alloc(0)
  const close = (): void => {
    clearTimeout(timer)
    client.destroy()
    upstream.destroy()
  }
  const deny = (reason: DenyReason): void => {
    input.onDeny(reason)
    close()
  }
  const timer = setTimeout(() => deny('not-tls'), HELLO_LIMIT_MS)
  client.on('error', close)
  upstream.on('error', close)
  client.on('close', close)
  upstream.on('close', close)
  // A server that speaks first is not speaking TLS.
  upstream.pause()

  const inspect = (chunk: Buffer): void => {
    held = Buffer.concat([held, chunk])
    const hello = readClientHello(held)
    if (hello.state === 'incomplete' && held.length <= HELLO_LIMIT_BYTES) return
    client.removeListener('data', inspect)
    client.pause()
    clearTimeout(timer)
    if (hello.state !== 'complete') return deny('not-tls')
    if (!isFor(input.host, hello.serverName) || hello.isEncrypted) return deny('server-name-mismatch')
    input.onOpen()
    join()
  }

  function join(): void {
    client.on('data', (chunk: Buffer) => {
      if (!input.spendUpload(chunk.length)) deny('upload-limit')
    })
    if (!input.spendUpload(held.length)) return deny('upload-limit')
    upstream.write(held)
    client.pipe(upstream)
    upstream.pipe(client)
  }

  client.on('data', inspect)
  client.on('end', () => {
    if (!upstream.destroyed) upstream.end()
  })
  if (input.head.length > 0) inspect(input.head)
}

/** A name must be named; an address has no name in TLS. */
function isFor(host: CanonicalHost, serverName: string | null): boolean {
  if (serverName === null) return host.isAddress
  return canonicalHost(serverName)?.name === host.name
}
