// Many sessions at once, each streaming 50 tokens a second to a viewer on a WebSocket: how long a token is under way from the
// model's socket to the viewer. The baseline reads the same number of streams from the model itself.

import { environmentFor } from '../e2e/doubles/models/environment.ts'
import type { Figure } from './figure.ts'
import { type Spread, spread, tell } from './measure.ts'
import { openBenchHome } from './parts/bench-home.ts'
import { type ServerProcess, startServer } from './parts/server-process.ts'
import type { StampingOrders } from './parts/stamping-model.child.ts'
import { type StampingModel, startStampingModel } from './parts/stamping-model.ts'

const ORDERS: StampingOrders = { piecesPerSecond: 50, pieces: 500 }
const GOALS: Record<number, number | null> = { 1: null, 20: 100, 100: 250 }

interface Streamed {
  latency: Spread
  perSecond: number
  memoryMb: number
}

export async function measureLoad(): Promise<Figure[]> {
  const place = await openBenchHome()
  const model = await startStampingModel()
  const { variables, model: name } = environmentFor('anthropic', { url: model.url, key: 'bench' })
  const server = await startServer(place, {
    ...variables,
    SLIPWAY_WORKER_SESSIONS: '100',
    SLIPWAY_SANDBOX_MEMORY_MB: '512',
    SLIPWAY_SANDBOX_DISK_MB: '64',
  })
  try {
    const figures: Figure[] = []
    for (const count of [1, 20, 100]) {
      const ours = await throughSlipway(server, model, name, count)
      const direct = await fromTheModel(model, count)
      const label = count === 1 ? '1 session' : `${count} sessions`
      const baseline = 'read from the model'
      figures.push(
        {
          name: `${label}: token to viewer, p50`,
          unit: 'ms',
          value: ours.latency.p50,
          baseline: { name: baseline, value: direct.latency.p50 },
          goal: null,
        },
        {
          name: `${label}: token to viewer, p95`,
          unit: 'ms',
          value: ours.latency.p95,
          baseline: { name: baseline, value: direct.latency.p95 },
          goal: GOALS[count] ?? null,
          note: tell(ours.latency),
        },
        {
          name: `${label}: token to viewer, p99`,
          unit: 'ms',
          value: ours.latency.p99,
          baseline: { name: baseline, value: direct.latency.p99 },
          goal: null,
        },
        {
          name: `${label}: tokens to viewers`,
          unit: '/s',
          value: ours.perSecond,
          baseline: { name: baseline, value: direct.perSecond },
          goal: null,
          note: `${count * ORDERS.piecesPerSecond} are sent`,
        },
        {
          name: `${label}: server memory for each`,
          unit: 'MB',
          value: ours.memoryMb,
          baseline: null,
          goal: null,
          note: 'growth of the server while they stream; sandboxes not counted',
        },
      )
    }
    return figures
  } finally {
    await server.close()
    model.close()
    await place.close()
  }
}

async function throughSlipway(server: ServerProcess, model: StampingModel, name: string, count: number): Promise<Streamed> {
  const before = server.memoryMb()
  const ready = model.waitFor(count)
  const taken = collector()
  const ids = await Promise.all(Array.from({ length: count }, () => server.start({ model: name })))
  const watched = ids.map((id) =>
    server.watch(id, ({ event, delta }) => {
      if (delta?.channel === 'text') taken.add(delta.text)
      return event?.body.type === 'session-finished'
    }),
  )
  await ready
  // Sandboxes are started beside the first thought; they are not what is measured.
  await server.idle()
  model.go(ORDERS)
  const memory = setInterval(() => taken.memory(server.memoryMb()), 500)
  await Promise.all(watched)
  clearInterval(memory)
  return { ...taken.result(), memoryMb: Math.max(0, taken.mostMemory() - before) / count }
}

async function fromTheModel(model: StampingModel, count: number): Promise<Streamed> {
  const ready = model.waitFor(count)
  const taken = collector()
  const reading = Array.from({ length: count }, async () => {
    const response = await fetch(`${model.url}/v1/messages`, { method: 'POST', body: '{}' })
    const text = new TextDecoder()
    for await (const chunk of response.body ?? []) taken.add(text.decode(chunk as Uint8Array, { stream: true }))
  })
  await ready
  model.go(ORDERS)
  await Promise.all(reading)
  return { ...taken.result(), memoryMb: 0 }
}

/** Reads the stamps out of what arrives. A piece may come in two halves; one without its end is not counted. */
function collector() {
  const latencies: number[] = []
  let mostMb = 0
  let first = 0
  let last = 0
  return {
    add(text: string): void {
      last = performance.timeOrigin + performance.now()
      for (const [, stamp] of text.matchAll(/<(\d+\.\d+)>/g)) {
        first ||= last
        latencies.push(last - Number(stamp))
      }
    },
    memory(mb: number): void {
      mostMb = Math.max(mostMb, mb)
    },
    mostMemory: () => mostMb,
    result: () => ({ latency: spread(latencies), perSecond: latencies.length / ((last - first) / 1_000) }),
  }
}
