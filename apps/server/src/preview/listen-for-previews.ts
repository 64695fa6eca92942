// Opens the previews of this process as its settings say: which port, which addresses, or why there are none.

import { once } from 'node:events'
import type { Server } from 'node:http'
import { SlipwayError } from '../errors/slipway-error.ts'
import { listenProblem } from '../http/listen.ts'
import type { Runtime } from '../runtime.ts'
import { previewAddresses } from './addresses.ts'
import { noPreviews, openPreviews, type Previews } from './previews.ts'
import { previewServer } from './preview-server.ts'
import { openVisits } from './visits.ts'

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** Listens before it returns. Throws SlipwayError when a port that was asked for is taken. */
export async function listenForPreviews(runtime: Runtime): Promise<Previews> {
  const { settings, ports } = runtime
  const reason = whyNot(settings)
  if (reason !== null) return noPreviews(reason)
  const parts = { previews: null as ReturnType<typeof openPreviews> | null }
  const visits = openVisits({ now: ports.clock.now })
  const pattern = (port: number): string => settings.preview.url ?? `http://*.localhost:${port}`
  // The address needs the port, and the port is only known when it is bound.
  const bound = { addresses: previewAddresses(pattern(1)) }
  const { server, closeAll } = previewServer({
    addresses: {
      ...bound.addresses,
      originOf: (label) => bound.addresses.originOf(label),
      labelOf: (host) => bound.addresses.labelOf(host),
    },
    visits,
    hosts: settings.egress.agent.allow,
    connect: async (visit) => parts.previews?.connect(visit) ?? { ok: false, kind: 'refused', message: 'The server is starting.' },
  })
  bound.addresses = previewAddresses(pattern(await listen(server, settings)))
  const previews = openPreviews({ runtime, addresses: bound.addresses, visits })
  parts.previews = previews
  return {
    ...previews,
    async close() {
      await previews.close()
      const closed = new Promise((resolve) => server.close(resolve))
      closeAll()
      await closed
    },
  }
}

function whyNot({ role, http, preview }: Runtime['settings']): string | null {
  if (role !== 'all')
    return 'Previews work where the server drives its sessions itself, in the role `all`: here sessions are driven by other processes, and a live view carries messages, not connections.'
  if (preview.url === null && http.publicUrl !== null && !LOOPBACK.test(new URL(http.publicUrl).hostname))
    return 'Previews need a host name of their own for each session. Set SLIPWAY_PREVIEW_URL to a wildcard address such as https://*.preview.example.net that leads to the preview port of this server.'
  return null
}

/** The port that it listens on. The usual one lies beside the interface's; where that cannot be had, any will do. */
async function listen(server: Server, { http, preview }: Runtime['settings']): Promise<number> {
  const wanted = preview.port ?? (http.port === 0 || http.port === 65_535 ? 0 : http.port + 1)
  try {
    return await bind(server, http.host, wanted)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const isRefused = code === 'EADDRINUSE' || code === 'EACCES'
    if (isRefused && preview.port === null && preview.url === null) return bind(server, http.host, 0)
    // Then no other port helps.
    if (!isRefused) throw listenProblem(error, http.host, wanted) ?? error
    throw new SlipwayError('not-ready', `Port ${wanted}, for previews, cannot be had. Choose another one with SLIPWAY_PREVIEW_PORT.`, {
      cause: error,
    })
  }
}

async function bind(server: Server, host: string, port: number): Promise<number> {
  server.listen({ host, port })
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}
