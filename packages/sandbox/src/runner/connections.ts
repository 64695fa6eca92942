// Connections to what listens on the sandbox's own loopback, opened for the host: bytes flow only as fast as the other side
// acknowledges them.

import { connect, type Socket } from 'node:net'
import { PIECE_COST, STREAM_WINDOW } from '../protocol/messages.ts'
import type { Send } from './commands.ts'

/** Development servers that listen on `localhost` often have only one of them. */
const LOOPBACK = ['127.0.0.1', '::1']

interface Connection {
  socket: Socket
  isConnected: boolean
  unacknowledged: number
}

export interface Connections {
  open(input: { id: number; port: number }): void
  has(id: number): boolean
  write(id: number, bytes: Uint8Array): void
  endInput(id: number): void
  acknowledge(id: number, worth: number): void
  close(id: number): void
}

/** Each ends with an `exit`; one that was never `connected` before that was refused. */
export function connections(send: Send): Connections {
  const open = new Map<number, Connection>()

  function attempt(id: number, port: number, addresses: string[]): void {
    const [host, ...others] = addresses
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true })
    const connection: Connection = { socket, isConnected: false, unacknowledged: 0 }
    open.set(id, connection)
    socket.on('connect', () => {
      connection.isConnected = true
      send({ t: 'connected', id })
    })
    socket.on('data', (chunk: Buffer) => {
      connection.unacknowledged += chunk.length + PIECE_COST
      send({ t: 'out', id, s: 1 }, chunk)
      if (connection.unacknowledged >= STREAM_WINDOW) socket.pause()
    })
    socket.on('end', () => send({ t: 'out-end', id }))
    // What went wrong shows in the close that follows.
    socket.on('error', () => undefined)
    socket.on('close', (hadError: boolean) => {
      const isStillWanted = open.get(id) === connection
      if (hadError && !connection.isConnected && isStillWanted && others.length > 0) return attempt(id, port, others)
      open.delete(id)
      send({ t: 'exit', id, code: hadError ? 1 : 0, signal: null })
    })
  }

  return {
    open: ({ id, port }) => attempt(id, port, LOOPBACK),
    has: (id) => open.has(id),
    write(id, bytes) {
      open.get(id)?.socket.write(bytes, () => send({ t: 'in-ack', id, n: bytes.length }))
    },
    endInput: (id) => void open.get(id)?.socket.end(),
    acknowledge(id, worth) {
      const connection = open.get(id)
      if (!connection) return
      connection.unacknowledged -= worth
      if (connection.unacknowledged < STREAM_WINDOW / 2) connection.socket.resume()
    },
    close(id) {
      const connection = open.get(id)
      // Tried no further; the close that follows says that it has ended.
      connection?.socket.destroy()
    },
  }
}
