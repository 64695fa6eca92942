// The web application in the system's Chromium, on the real server: what a page weighs, how soon it shows something, how soon
// a token is seen, and how it bears long sessions and loud commands. Baselines are bare pages of the same server.

import type { Figure } from './figure.ts'
import { openBenchHome } from './parts/bench-home.ts'
import { startServer } from './parts/server-process.ts'
import { startStampingModel } from './parts/stamping-model.ts'
import { writeLongSessions } from './parts/write-long-session.ts'
import { environmentFor } from '../e2e/doubles/models/environment.ts'
import { launchBrowser, startVisit } from '../e2e/web/browser.ts'
import { measureFirstLoad } from './web/first-load.ts'
import { measureLongSessions } from './web/long-sessions.ts'
import { measureStreaming } from './web/streaming.ts'
import { measureTerminal } from './web/terminal.ts'
import { addProbe } from './web/web-bench.ts'

export async function measureWeb(): Promise<Figure[]> {
  const place = await openBenchHome()
  const model = await startStampingModel()
  const { variables, model: modelName } = environmentFor('anthropic', { url: model.url, key: 'bench' })
  const server = await startServer(place, {
    ...variables,
    SLIPWAY_WORKER_SESSIONS: '30',
    SLIPWAY_SANDBOX_MEMORY_MB: '512',
    SLIPWAY_SANDBOX_DISK_MB: '64',
  })
  const browser = await launchBrowser()
  try {
    const visit = await startVisit(browser, server.url, { as: 'bench@example.org' })
    await addProbe(visit)
    const bench = { place, model, modelName, server, visit }
    const [long = '', longest = ''] = await writeLongSessions(place.home, [10_000, 30_000])
    return [
      ...(await measureFirstLoad(bench, long)),
      ...(await measureLongSessions(bench, { long, longest })),
      ...(await measureStreaming(bench)),
      ...(await measureTerminal(bench)),
    ]
  } finally {
    await browser.close()
    await server.close()
    model.close()
    await place.close()
  }
}
