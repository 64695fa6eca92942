// The WebSockets: of a session, of what a shared link leads to, and of a person's list. The guard has let the request in before it gets here.

import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import type { AccessWatch } from '../auth/access-watch.ts'
import type { Credential } from '../auth/identify.ts'
import { API_PREFIX } from '../contract/route.ts'
import { largestSeq, sessionParams } from '../contract/session-schemas.ts'
import { shareParams } from '../contract/share-routes.ts'
import { SlipwayError, unknownSession } from '../errors/slipway-error.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Runtime } from '../runtime.ts'
import { openListWatch } from '../stream/list-watch.ts'
import { streamList } from '../stream/stream-list.ts'
import { streamSession, type StreamInput, type StreamOptions } from '../stream/stream-session.ts'
import { readPlaces, viewSharedEvent } from '../views/shared-view.ts'
import { personOf } from './guard.ts'
import { requireShared } from './share-routes.ts'

const streamQuery = z.object({ after: z.coerce.number().int().min(0).max(largestSeq).default(0) })

export interface StreamRoutes {
  runtime: Runtime
  metrics: Metrics
  watch: AccessWatch
  options: StreamOptions
  /** Streams open at the same time in this process. */
  maxStreams: number
}

type View = Pick<StreamInput, 'log' | 'bus' | 'sessionId'> & { credential: Credential | null }

export function addStreamRoutes(app: FastifyInstance, { runtime, metrics, watch, options, maxStreams }: StreamRoutes): void {
  const { ports, store, deltas } = runtime
  const views = new WeakMap<FastifyRequest, View>()
  const lists = openListWatch({
    bus: ports.bus,
    async ownsAny(ownerId, sessionIds) {
      const { rows } = await store.as(ownerId).query('select from sessions where id = any($1) limit 1', [sessionIds])
      return rows.length > 0
    },
  })
  let open = 0

  function refuseTooMany(): void {
    if (open >= maxStreams)
      throw new SlipwayError('rate-limited', `There are ${maxStreams} streams open already. Close one, or raise the number of processes.`)
  }

  async function ofPerson(request: FastifyRequest): Promise<void> {
    const { id } = request.params as z.infer<typeof sessionParams>
    const { log, sessions } = store.as(personOf(request).ownerId)
    if ((await sessions.get(id)) === null) throw unknownSession(id)
    refuseTooMany()
    views.set(request, { log: { ...ports.log, read: log.read }, bus: ports.bus, sessionId: id, credential: request.credential })
  }

  async function ofLink(request: FastifyRequest): Promise<void> {
    const { token } = request.params as z.infer<typeof shareParams>
    const { shareId, sessionId, ownerId } = await requireShared(runtime, token)
    refuseTooMany()
    const own = store.as(ownerId)
    const places = await readPlaces(own, { sessionId, scriptFolder: runtime.settings.models.scriptFolder })
    views.set(request, {
      log: { ...ports.log, read: async (wanted) => (await own.log.read(wanted)).map((event) => viewSharedEvent(event, places)) },
      // Without the events themselves, so that they come from the log as a link shows them.
      bus: {
        ...ports.bus,
        subscribe: (of, call) =>
          ports.bus.subscribe(of, (message) => call(message.kind === 'events' ? { ...message, events: null } : message)),
      },
      sessionId,
      credential: { kind: 'share', id: shareId },
    })
  }

  /** Counts a stream, and ends it when what let its viewer in is taken away. */
  function hold(request: FastifyRequest, credential: Credential | null, start: (ended: StreamInput['ended']) => { shutOut(): void }): void {
    open++
    metrics.viewerJoined()
    const stream = start((reason) => {
      open--
      unwatch()
      metrics.viewerLeft(reason)
      request.log.debug({ reason }, 'stream ended')
    })
    const unwatch = credential === null ? () => undefined : watch.watch(credential, () => stream.shutOut())
  }

  function view(socket: WebSocket, request: FastifyRequest): void {
    const wanted = views.get(request)
    if (wanted === undefined) return socket.terminate()
    const { credential, ...of } = wanted
    const { after } = request.query as z.infer<typeof streamQuery>
    const failed = (error: unknown): void => request.log.error({ err: error, sessionId: of.sessionId }, 'stream failed')
    hold(request, credential, (ended) => streamSession({ ...of, socket, deltas, after, options, ended, failed }))
  }

  function viewList(socket: WebSocket, request: FastifyRequest): void {
    const { ownerId } = personOf(request)
    const { heartbeatMs } = options
    hold(request, request.credential, (ended) => streamList({ socket, watch: lists, ownerId, heartbeatMs, ended }))
  }

  const common = { method: 'GET', exposeHeadRoute: false, handler: refusePlain } as const
  app.route({ ...common, url: `${API_PREFIX}/sessions/stream`, preHandler: async () => refuseTooMany(), wsHandler: viewList })
  app.route({
    ...common,
    url: `${API_PREFIX}/sessions/:id/stream`,
    schema: { params: sessionParams, querystring: streamQuery },
    preHandler: ofPerson,
    wsHandler: view,
  })
  app.route({
    ...common,
    url: `${API_PREFIX}/shared/:token/stream`,
    config: { who: 'everybody' },
    schema: { params: shareParams, querystring: streamQuery },
    preHandler: ofLink,
    wsHandler: view,
  })
}

function refusePlain(): never {
  throw new SlipwayError('usage', 'This is a stream. Ask for it as a WebSocket.')
}
