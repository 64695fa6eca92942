// A connection into a sandbox in the form that Node's HTTP client takes.

import { Duplex } from 'node:stream'
import type { SandboxConnection } from '@slipway/core/ports'

export function sandboxSocket(connection: SandboxConnection): Duplex {
  const chunks = connection.incoming[Symbol.asyncIterator]()
  const socket = new Duplex({
    read() {
      chunks.next().then(
        ({ done, value }) => socket.push(done ? null : value),
        (error: Error) => socket.destroy(error),
      )
    },
    write(chunk: Buffer, _encoding, done) {
      connection.write(chunk).then((isOpen) => done(isOpen ? null : new Error('the application closed the connection')), done)
    },
    final(done) {
      connection.endInput()
      done()
    },
    destroy(error, done) {
      connection.close()
      done(error)
    },
  })
  return socket
}
