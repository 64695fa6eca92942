// Whether a server grows: 1,000 sessions, each created, run in a sandbox and closed. The first hundred are warm-up.

import type { Figure } from './figure.ts'
import { openBenchHome } from './parts/bench-home.ts'
import { startModelProcess } from './parts/model-process.ts'
import { startServer } from './parts/server-process.ts'

const WARM_UP = 100
const TOGETHER = 4

/** `SLIPWAY_BENCH_CYCLES` shortens it. */
export async function measureDrift(): Promise<Figure[]> {
  const cycles = Number(process.env['SLIPWAY_BENCH_CYCLES'] ?? 1_000)
  const model = await startModelProcess()
  await model.play({ toolCalls: 1, words: 20, paceMs: 0 })
  const place = await openBenchHome()
  const server = await startServer(place, { ...model.variables, SLIPWAY_SANDBOX_DISK_MB: '64' })
  const failures: string[] = []

  const one = async (): Promise<void> => {
    const id = await server.start({ model: model.model })
    await server.watch(id, ({ event }) => {
      if (event?.body.type !== 'session-finished') return false
      if (event.body.outcome === 'failed' || event.body.outcome === 'stopped') failures.push(`${id}: ${event.body.outcome}`)
      return true
    })
  }
  const many = async (count: number): Promise<void> => {
    let left = count
    await Promise.all(
      Array.from({ length: TOGETHER }, async () => {
        while (left-- > 0) await one()
      }),
    )
    await model.forget()
  }
  try {
    await many(WARM_UP)
    const before = await server.restingMemoryMb()
    const startedAt = performance.now()
    for (let done = 0; done < cycles; done += 100) await many(Math.min(100, cycles - done))
    const seconds = (performance.now() - startedAt) / 1_000
    const after = await server.restingMemoryMb()
    if (failures.length > 0) throw new Error(`${failures.length} sessions did not end well: ${failures.slice(0, 3).join(', ')}`)
    return [
      {
        name: `memory after ${cycles.toLocaleString('en')} sessions, growth`,
        unit: 'MB',
        value: after - before,
        baseline: { name: 'before them', value: before },
        goal: 20,
        note: `${before.toFixed(0)} MB → ${after.toFixed(0)} MB resident`,
      },
      {
        name: 'sessions, create to close',
        unit: '/s',
        value: cycles / seconds,
        baseline: null,
        goal: null,
        note: `${TOGETHER} at a time, each with a sandbox and a command`,
      },
    ]
  } finally {
    await server.close()
    model.close()
    await place.close()
  }
}
