// The network methods of the Sandbox port, over a channel: which ports listen inside, and connections to them.

import type { Sandbox } from '@slipway/core/ports'
import type { Channel } from './channel.ts'
import { openConnection } from './connection.ts'

/** Each may hold a window of bytes in this process while its reader is slow. */
const MOST_CONNECTIONS = 64
const MOST_PORTS = 200

export function connectTo(input: { channel: Channel; hasOwnNetwork: boolean }): Pick<Sandbox, 'connect' | 'listeningPorts'> {
  const { channel, hasOwnNetwork } = input
  let open = 0
  return {
    async connect(wanted) {
      // There, loopback is the host's own: its databases and Slipway itself would answer.
      if (!hasOwnNetwork)
        return {
          ok: false,
          kind: 'impossible',
          message: 'Sandboxes without isolation share the network of the host, so nothing leads into them.',
        }
      if (open >= MOST_CONNECTIONS)
        return { ok: false, kind: 'too-many', message: `There are ${MOST_CONNECTIONS} connections into this sandbox already.` }
      open += 1
      try {
        const result = await openConnection(channel, wanted)
        if (!result.ok) open -= 1
        else void result.connection.closed.then(() => (open -= 1))
        return result
      } catch (error) {
        open -= 1
        throw error
      }
    },
    async listeningPorts() {
      if (!hasOwnNetwork) return []
      const { bytes } = await channel.call('ports', {})
      const ports: unknown = JSON.parse(Buffer.from(bytes).toString('utf8') || '[]')
      if (!Array.isArray(ports) || ports.length > MOST_PORTS) throw new Error('the sandbox sent a malformed list of ports')
      return ports.filter((port): port is number => Number.isInteger(port) && port > 0 && port < 65_536)
    },
  }
}
