// What machines ask without a token: alive, ready, metrics. None of it tells anything about a session.

import type { FastifyInstance } from 'fastify'
import type { Metrics } from '../observability/metrics.ts'
import type { Readiness } from '../observability/readiness.ts'

const open = { logLevel: 'warn', config: { who: 'everybody' } } as const

export function addOpenRoutes(
  app: FastifyInstance,
  { metrics, readiness, version }: { metrics: Metrics; readiness(): Promise<Readiness>; version: string },
): void {
  app.get('/health', open, async () => ({ status: 'alive', version }))

  app.get('/readiness', open, async (_request, reply) => {
    const { ready, checks } = await readiness()
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks })
  })

  app.get('/metrics', open, async (_request, reply) => {
    reply.type(metrics.registry.contentType)
    return metrics.registry.metrics()
  })
}
