// The WebSocket of a session. The guard has let the request in before it gets here.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { API_PREFIX } from '../contract/route.ts'
import { largestSeq, sessionParams } from '../contract/session-schemas.ts'
import { SlipwayError, unknownSession } from '../errors/slipway-error.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Runtime } from '../runtime.ts'
import { streamSession, type StreamOptions } from '../stream/stream-session.ts'
import { portsFor } from '../auth/ports-for.ts'
import { personOf } from './guard.ts'

const streamQuery = z.object({ after: z.coerce.number().int().min(0).max(largestSeq).default(0) })

export interface StreamRoute {
  runtime: Runtime
  metrics: Metrics
  options: StreamOptions
  /** Streams open at the same time in this process. */
  maxStreams: number
}

export function addStreamRoute(app: FastifyInstance, { runtime, metrics, options, maxStreams }: StreamRoute): void {
  const { store, deltas } = runtime
  let open = 0

  async function refuseForeign(request: FastifyRequest): Promise<void> {
    const { id } = request.params as z.infer<typeof sessionParams>
    const row = await store.sessions.get(id)
    if (row === null || row.ownerId !== personOf(request).ownerId) throw unknownSession(id)
    if (open >= maxStreams)
      throw new SlipwayError('rate-limited', `There are ${maxStreams} streams open already. Close one, or raise the number of processes.`)
  }

  function view(socket: WebSocket, request: FastifyRequest): void {
    const { id: sessionId } = request.params as z.infer<typeof sessionParams>
    const { after } = request.query as z.infer<typeof streamQuery>
    const { log, bus } = portsFor(runtime, personOf(request))
    open++
    metrics.viewerJoined()
    streamSession({
      socket,
      log,
      bus,
      deltas,
      sessionId,
      after,
      options,
      ended(reason) {
        open--
        metrics.viewerLeft(reason)
        request.log.debug({ sessionId, reason }, 'stream ended')
      },
      failed: (error) => request.log.error({ err: error, sessionId }, 'stream failed'),
    })
  }

  app.get(
    `${API_PREFIX}/sessions/:id/stream`,
    { websocket: true, schema: { params: sessionParams, querystring: streamQuery }, preHandler: refuseForeign },
    view,
  )
}
