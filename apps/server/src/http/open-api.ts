// The HTTP API: one fastify instance with its guard, its limits and its routes.

import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import websocket from '@fastify/websocket'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { openMailer } from '@slipway/connectors/mail/open-mailer'
import { openAccess } from '../auth/open-access.ts'
import { describeApi } from '../contract/openapi.ts'
import { API_PREFIX } from '../contract/route.ts'
import { routes } from '../contract/routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { NotionAccess } from '../notion/notion-access.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { Readiness } from '../observability/readiness.ts'
import type { Previews } from '../preview/previews.ts'
import type { Routines } from '../routines/routines.ts'
import type { Runtime } from '../runtime.ts'
import { streamDefaults, type StreamOptions } from '../stream/stream-session.ts'
import { addPageRoutes } from '../web/page-routes.ts'
import type { Pages } from '../web/read-pages.ts'
import { addAdminRoutes } from './admin-routes.ts'
import { addBoardRoutes } from './board-routes.ts'
import { closePromptly } from './close-promptly.ts'
import { addForgeRoutes } from './forge-routes.ts'
import { addConnectionRoutes } from './connection-routes.ts'
import { addDeploymentRoutes } from './deployment-routes.ts'
import { addFileRoutes } from './file-routes.ts'
import { guard, STREAM_PROTOCOL } from './guard.ts'
import { useZod } from './handle.ts'
import { addIdentityRoutes } from './identity-routes.ts'
import { addInstallationRoutes } from './installation-routes.ts'
import { addNoticeRoutes } from './notice-routes.ts'
import { addNotionRoutes } from './notion-routes.ts'
import { addOpenRoutes } from './open-routes.ts'
import { addPeopleRoutes } from './people-routes.ts'
import { addPlanRoutes } from './plan-routes.ts'
import { addPreviewRoutes } from './preview-routes.ts'
import { refuseAddress, refuseConnection, refuseInOneShape, refuseLongParts } from './refuse.ts'
import { addRoutineRoutes } from './routine-routes.ts'
import { addSessionRoutes } from './session-routes.ts'
import { addShareRoutes } from './share-routes.ts'
import { addSignInRoutes } from './sign-in-routes.ts'
import { addStreamRoutes } from './stream-route.ts'
import { addTriggerRoutes } from './trigger-routes.ts'
import { addWebhookRoutes } from './webhook-routes.ts'
import { addWorkbenchRoutes } from './workbench-routes.ts'

export interface ApiInput {
  runtime: Runtime
  routines: Routines
  notion: NotionAccess
  metrics: Metrics
  readiness(): Promise<Readiness>
  logger: Logger
  token: string
  tokenPath: string
  publicUrl: URL | null
  version: string
  /** The web application; null where it is not built or served from elsewhere. */
  pages?: Pages | null
  previews: Previews
  /** A delivery was stored and waits. */
  onDelivery?(): void
  stream?: Partial<StreamOptions>
  requestsPerMinute?: number
  maxStreams?: number
}

const BODY_LIMIT_BYTES = 1_000_000
const REQUEST_TIMEOUT_MS = 60_000
const YEAR_S = 31_536_000
const LONGEST_PARAM = 128

/** Ready to listen, or to be asked by `inject`. */
export async function openApi(input: ApiInput): Promise<FastifyInstance> {
  const { runtime, metrics, logger } = input
  const trusted = runtime.settings.http.trustedProxies
  const app = fastify({
    // pino's own type is wider than what fastify asks for.
    loggerInstance: logger as FastifyBaseLogger,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: () => runtime.ports.ids.next(),
    requestIdHeader: false,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trusted.length === 0 ? false : trusted,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: LONGEST_PARAM },
    frameworkErrors: refuseAddress,
    clientErrorHandler: refuseConnection,
  })
  useZod(app)
  refuseInOneShape(app)
  closePromptly(app)
  const access = await openAccess(input)
  app.addHook('onClose', () => access.close())
  // What is refused has these headers too, and counts: guessing is no cheaper than asking.
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    strictTransportSecurity: input.publicUrl?.protocol === 'https:' ? { maxAge: YEAR_S, includeSubDomains: false } : false,
  })
  await app.register(rateLimit, {
    global: false,
    max: input.requestsPerMinute ?? 3_000,
    timeWindow: 60_000,
    errorResponseBuilder: () => tooMany,
    allowList: (request) => request.url === '/health',
  })
  app.addHook('onRequest', app.rateLimit())
  guard(app, { identify: access.identify, publicUrl: input.publicUrl })
  await app.register(websocket, {
    options: { maxPayload: 4_096, handleProtocols: (offered: Set<string>) => (offered.has(STREAM_PROTOCOL) ? STREAM_PROTOCOL : false) },
  })
  app.addHook('onResponse', async (request, reply) => {
    metrics.observeRequest({
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: reply.elapsedTime,
    })
    logAnswer(request, reply)
  })
  addOpenRoutes(app, input)
  addSessionRoutes(app, runtime)
  addFileRoutes(app, runtime)
  addRoutineRoutes(app, input.routines)
  addTriggerRoutes(app, runtime)
  addSignInRoutes(app, {
    runtime,
    access,
    publicUrl: input.publicUrl,
    mailer: runtime.settings.mail === null ? null : openMailer(runtime.settings.mail),
  })
  addIdentityRoutes(app, runtime, access)
  addNoticeRoutes(app, runtime)
  addConnectionRoutes(app, { runtime, access, publicUrl: input.publicUrl })
  addPeopleRoutes(app, access)
  addShareRoutes(app, runtime, access)
  addInstallationRoutes(app, runtime)
  addWorkbenchRoutes(app, runtime)
  addForgeRoutes(app, runtime)
  addNotionRoutes(app, runtime, input.notion)
  addPlanRoutes(app, runtime, input.notion)
  addBoardRoutes(app, { runtime, notion: input.notion, version: input.version })
  addPreviewRoutes(app, runtime, { previews: input.previews, watch: access.watch })
  addDeploymentRoutes(app, runtime, access)
  addAdminRoutes(app, runtime, metrics)
  addWebhookRoutes(app, { runtime, publicUrl: input.publicUrl, onDelivery: () => input.onDelivery?.() })
  addStreamRoutes(app, {
    runtime,
    metrics,
    watch: access.watch,
    options: { ...streamDefaults, ...input.stream },
    maxStreams: input.maxStreams ?? 1_000,
  })
  const description = describeApi(routes, input.version)
  app.get(`${API_PREFIX}/openapi.json`, async () => description)
  // Who asks below the API for what does not exist must be signed in to hear so; elsewhere it may be a page.
  app.get('/api/*', (request, reply) => {
    refuseLongParts(request.url, LONGEST_PARAM)
    return reply.callNotFound()
  })
  await addPageRoutes(app, input.pages ?? null, input.previews.frameSource)
  return app
}

/** One line for what changed something or went wrong; looking around is for `debug`. */
function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode: status, elapsedTime } = reply
  const level = status >= 500 ? 'error' : status >= 400 || request.method !== 'GET' ? 'info' : 'debug'
  request.log[level](
    {
      method: request.method,
      route: request.routeOptions.url ?? request.url,
      status,
      ms: Math.round(elapsedTime),
      person: request.person?.id ?? null,
    },
    'request answered',
  )
}

const tooMany = new SlipwayError(
  'rate-limited',
  'Too many requests. Wait a minute, or follow the WebSocket instead of asking again and again.',
)
