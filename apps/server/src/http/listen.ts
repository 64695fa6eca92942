// Binds the API's port.

import type { FastifyInstance } from 'fastify'
import { SlipwayError } from '../errors/slipway-error.ts'

/** Returns the address to type. Throws SlipwayError with what to do when the port cannot be had. */
export async function listen(app: FastifyInstance, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    throw listenProblem(error, host, port) ?? error
  }
  const address = app.server.address()
  const boundPort = typeof address === 'object' && address !== null ? address.port : port
  return `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`
}

/** What to do about a port that cannot be had; null where only the error itself knows. */
export function listenProblem(error: unknown, host: string, port: number): SlipwayError | null {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE')
    return new SlipwayError(
      'not-ready',
      `Port ${port} is taken, perhaps by another Slipway. Stop that, or choose another port: PORT=${port + 1} slipway up`,
      { cause: error },
    )
  if (code === 'EACCES')
    return new SlipwayError('not-ready', `This user may not listen on port ${port}. Choose one above 1024: PORT=3000 slipway up`, {
      cause: error,
    })
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new SlipwayError('not-ready', `This machine has no address ${host}. Leave HOST unset for loopback.`, { cause: error })
  return null
}
