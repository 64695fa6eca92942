// What a browser fetches before a page works, and how soon it paints something, with nothing in its cache.

import type { Figure } from '../figure.ts'
import { spread, tell } from '../measure.ts'
import { LIMIT_BYTES, weighPages } from '../web-weight.ts'
import { BARE_PAGE, probe, type WebBench } from './web-bench.ts'

const ROUNDS = 7
const PAINT_GOAL_MS = 1_000

export async function measureFirstLoad(bench: WebBench, sessionId: string): Promise<Figure[]> {
  const { context } = bench.visit
  const page = await context.newPage()
  const network = await context.newCDPSession(page)
  async function firstPaint(address: string): Promise<number[]> {
    const taken: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      await network.send('Network.clearBrowserCache')
      await page.goto(address)
      taken.push(await probe<number>(page, 'firstPaint'))
    }
    return taken
  }
  const bare = spread(await firstPaint(BARE_PAGE))
  const pages = [
    ['the sessions page', '/'],
    ['a session', `/sessions/${sessionId}`],
  ] as const
  const figures = weights()
  for (const [name, address] of pages) {
    const paint = spread(await firstPaint(address))
    figures.push({
      name: `first paint of ${name}, p50`,
      unit: 'ms',
      value: paint.p50,
      baseline: { name: 'a page without scripts', value: bare.p50 },
      goal: PAINT_GOAL_MS,
      note: `empty cache, loopback; ${tell(paint)}`,
    })
  }
  await page.close()
  return figures
}

function weights(): Figure[] {
  const pages = weighPages()
  const least = Math.min(...pages.map(({ scriptBytes }) => scriptBytes))
  return pages
    .filter(({ name }) => !name.startsWith('_') && name !== '404.html')
    .map(({ name, scriptBytes, styleBytes, files }) => ({
      name: `first load: /${name.replace(/\.html$/, '').replace(/^index$/, '')}`,
      unit: 'bytes',
      value: scriptBytes,
      baseline: { name: 'the lightest page', value: least },
      goal: LIMIT_BYTES,
      note: `scripts, gzip, ${files} files; styles ${styleBytes.toLocaleString('en')} bytes; editor and terminal come later`,
    }))
}
