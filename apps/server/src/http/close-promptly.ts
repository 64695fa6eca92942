// Ends a server even when somebody keeps a connection open.

import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

const PATIENCE_MS = 2_000

/** Call before listening. Once the server closes, connections that are still there after a moment are cut. */
export function closePromptly(app: FastifyInstance): void {
  // The HTTP server forgets connections that asked for an upgrade, so they are counted here.
  const sockets = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  app.addHook('preClose', async () => {
    setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, PATIENCE_MS).unref()
  })
}
