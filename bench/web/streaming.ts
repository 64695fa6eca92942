// From the model to the screen: twenty sessions stream, one of them is watched in the session page and another in a bare page.

import type { Figure } from '../figure.ts'
import { spread, tell } from '../measure.ts'
import type { StampingOrders } from '../parts/stamping-model.child.ts'
import { openBarePage, probe, type WebBench } from './web-bench.ts'

const SESSIONS = 20
const ORDERS: StampingOrders = { piecesPerSecond: 50, pieces: 500 }

export async function measureStreaming(bench: WebBench): Promise<Figure[]> {
  const { server, model } = bench
  const ready = model.waitFor(SESSIONS)
  const ids = await Promise.all(Array.from({ length: SESSIONS }, () => server.start({ model: bench.modelName })))
  const [shown = '', bare = '', ...others] = ids
  await ready
  const page = await bench.visit.context.newPage()
  const barePage = await openBarePage(bench)
  const finished = ids.map((id) => server.watch(id, ({ event }) => event?.body.type === 'session-finished'))
  try {
    await page.goto(`/sessions/${shown}`)
    await page.locator('[role=log] [aria-busy=true]').waitFor()
    await probe(page, 'watchStamps', '[role=log]')
    await probe(barePage, 'followBare', bare, 'text')
    await probe(barePage, 'watchStamps', 'pre')
    await server.idle()
    model.go(ORDERS)
    await Promise.all(finished)
    const ours = spread(await probe<number[]>(page, 'stamps'))
    const least = spread(await probe<number[]>(barePage, 'stamps'))
    const baseline = { name: 'the same stream in a bare page', value: least.p95 }
    const note = `${others.length} more stream beside it; ${ours.count} of ${ORDERS.pieces} were seen while they streamed; ${tell(ours)}`
    return [
      {
        name: '20 sessions: token to screen, p50',
        unit: 'ms',
        value: ours.p50,
        baseline: { ...baseline, value: least.p50 },
        goal: null,
        note: 'the page takes in what came every 50 ms',
      },
      { name: '20 sessions: token to screen, p95', unit: 'ms', value: ours.p95, baseline, goal: 150, note },
    ]
  } finally {
    await page.close()
    await barePage.close()
  }
}
