// What Prometheus reads at /metrics.

import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { LiveBus, LiveMessage } from '@slipway/core/ports'

export interface Metrics {
  registry: Registry
  observeRequest(input: { method: string; route: string; status: number; ms: number }): void
  viewerJoined(): void
  viewerLeft(reason: string): void
  driveEnded(outcome: string): void
  /** WebSocket streams that this process serves now. */
  openStreams(): Promise<number>
  close(): void
}

interface Input {
  bus: LiveBus
  /** Asked at each scrape. */
  sessionsByStatus(): Promise<Record<string, number>>
}

/** Counts from what the bus tells, so that every process counts its own view; sessions are counted in the database. */
export function openMetrics({ bus, sessionsByStatus }: Input): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'slipway_' })
  const registers = [registry]

  new Gauge({
    name: 'slipway_sessions',
    help: 'Sessions by status',
    labelNames: ['status'],
    registers,
    async collect() {
      this.reset()
      for (const [status, count] of Object.entries(await sessionsByStatus())) this.set({ status }, count)
    },
  })
  const events = new Counter({ name: 'slipway_events_total', help: 'Events seen on the bus', labelNames: ['type'], registers })
  const modelCalls = new Counter({ name: 'slipway_model_calls_total', help: 'Model calls that ended', labelNames: ['result'], registers })
  const modelCost = new Counter({ name: 'slipway_model_cost_micros_total', help: 'Cost of model calls in micro-dollars', registers })
  const modelMs = new Histogram({
    name: 'slipway_model_call_seconds',
    help: 'Duration of model calls',
    buckets: [0.5, 1, 2, 5, 10, 20, 60, 180],
    registers,
  })
  const sandboxMs = new Histogram({
    name: 'slipway_sandbox_start_seconds',
    help: 'Duration of sandbox starts',
    labelNames: ['backend'],
    buckets: [0.01, 0.05, 0.1, 0.2, 0.5, 1, 5],
    registers,
  })
  const requests = new Histogram({
    name: 'slipway_http_request_seconds',
    help: 'Duration of HTTP requests',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2],
    registers,
  })
  const viewers = new Gauge({ name: 'slipway_viewers', help: 'Open WebSocket streams', registers })
  const viewersLeft = new Counter({
    name: 'slipway_viewers_left_total',
    help: 'Ended WebSocket streams',
    labelNames: ['reason'],
    registers,
  })
  const drives = new Counter({
    name: 'slipway_drives_total',
    help: 'Times a session was driven by this process',
    labelNames: ['outcome'],
    registers,
  })

  function count(message: LiveMessage): void {
    if (message.kind !== 'events') return
    for (const { body } of message.events ?? []) {
      events.inc({ type: body.type })
      if (body.type === 'sandbox-started') sandboxMs.observe({ backend: body.backend }, body.ms / 1_000)
      if (body.type === 'model-failed') modelCalls.inc({ result: body.kind })
      if (body.type !== 'model-responded') continue
      modelCalls.inc({ result: 'ok' })
      modelCost.inc(body.costMicros)
      modelMs.observe(body.ms / 1_000)
    }
  }

  const unsubscribe = bus.subscribe(null, count)
  return {
    registry,
    observeRequest: ({ method, route, status, ms }) => requests.observe({ method, route, status: String(status) }, ms / 1_000),
    viewerJoined: () => viewers.inc(),
    viewerLeft(reason) {
      viewers.dec()
      viewersLeft.inc({ reason })
    },
    openStreams: async () => (await viewers.get()).values[0]?.value ?? 0,
    driveEnded: (outcome) => drives.inc({ outcome }),
    close() {
      unsubscribe()
      registry.clear()
    },
  }
}
