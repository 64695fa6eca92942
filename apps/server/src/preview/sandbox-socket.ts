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
      const finish = (error: Error | null): void => done(error)
      void send(connection, chunk).then(finish)
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

/** What went wrong, if anything; a stream wants to be told, not thrown at. */
async function send(connection: SandboxConnection, chunk: Buffer): Promise<Error | null> {
  try {
    return (await connection.write(chunk)) ? null : new Error('the application closed the connection')
  } catch (error) {
    return error as Error
  }
}
