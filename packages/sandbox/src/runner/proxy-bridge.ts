// Inside, the proxy is a port on loopback; outside, a unix socket. This connects the two.

import { connect, createServer } from 'node:net'

/** Forwards 127.0.0.1:port to the socket for the life of the process. */
export function bridgeProxy(port: number, socketPath: string): Promise<void> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (inner) => {
    const outer = connect({ path: socketPath, allowHalfOpen: true })
    inner.on('error', () => outer.destroy())
    outer.on('error', () => inner.destroy())
    inner.on('close', () => outer.destroy())
    outer.on('close', () => inner.destroy())
    inner.pipe(outer)
    outer.pipe(inner)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
}
