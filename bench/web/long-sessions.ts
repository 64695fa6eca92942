// Long sessions: how soon the newest part is seen, what the page keeps in memory, and how it scrolls from end to beginning and back.

import type { CDPSession, Page } from 'playwright-core'
import type { Figure } from '../figure.ts'
import { spread, tell } from '../measure.ts'
import { openBarePage, probe, type WebBench } from './web-bench.ts'

const ROUNDS = 9
/** One way takes 40 s. */
const SCROLLS = 3
/** Some 10,000 pixels a second: a fast flick that does not end. */
const PIXELS_PER_FRAME = 160
const MOST_MS = 150_000
const FIRST_PAGE = 200

interface Opening {
  codeAtMs: number
  askedAtMs: number
  answeredAtMs: number
  shownAtMs: number
  scriptBytes: number
}

interface Scrolled {
  framesMs: number[]
  /** Of the page's main thread; what others did with the processor is not in it. */
  processorMs: number
  mostRows: number
  /** false: it took too long. */
  isOver: boolean
}

export async function measureLongSessions(bench: WebBench, ids: { long: string; longest: string }): Promise<Figure[]> {
  const page = await bench.visit.context.newPage()
  const bare = await openBarePage(bench)
  try {
    return [...(await opening(page, bare, ids.long)), ...(await scrolling(page, bare, ids.longest))]
  } finally {
    await page.close()
    await bare.close()
  }
}

async function opening(page: Page, barePage: Page, sessionId: string): Promise<Figure[]> {
  // Not until the page is at rest: what is looked for comes before that.
  const open = () => page.goto(`/sessions/${sessionId}`, { waitUntil: 'commit' })
  await open()
  await probe(page, 'opening', 10_000)
  const rounds: Opening[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    await open()
    rounds.push(await probe<Opening>(page, 'opening', 10_000))
  }
  const heapMb = await heapAfterCollection(page)
  const taken = spread(rounds.map(({ codeAtMs, shownAtMs }) => shownAtMs - codeAtMs))
  const middle = (of: (round: Opening) => number): string => spread(rounds.map(of)).p50.toFixed(0)
  const bare: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) bare.push(await probe<number>(barePage, 'openBare', sessionId, FIRST_PAGE))
  return [
    {
      name: 'open 10,000 events: code there to last row seen, p50',
      unit: 'ms',
      value: taken.p50,
      baseline: { name: 'fetch the same events, show them as text', value: spread(bare).p50 },
      goal: 500,
      note: `until asked ${middle((at) => at.askedAtMs - at.codeAtMs)}, until answered ${middle((at) => at.answeredAtMs - at.askedAtMs)}, until seen ${middle((at) => at.shownAtMs - at.answeredAtMs)}; ${tell(taken)}`,
    },
    {
      name: 'scripts that a session has asked for when its last row is seen',
      unit: 'bytes',
      value: rounds[0]?.scriptBytes ?? Number.NaN,
      baseline: null,
      goal: null,
      note: 'as they were sent (brotli), panels beside the conversation included as far as they were asked for',
    },
    { name: 'heap with 10,000 events open', unit: 'MB', value: heapMb, baseline: null, goal: 150, note: 'the newest page is loaded' },
  ]
}

async function scrolling(page: Page, barePage: Page, sessionId: string): Promise<Figure[]> {
  await probe(barePage, 'fill', 30_000)
  const bareHeapMb = await heapAfterCollection(barePage)
  const bare = framesOf([await scroll(barePage, 'end')])
  const up: Scrolled[] = []
  for (let round = 0; round < SCROLLS; round += 1) {
    await page.goto(`/sessions/${sessionId}`)
    await probe(page, 'opening', 30_000)
    up.push(await scroll(page, 'top'))
  }
  const down = [await scroll(page, 'end')]
  const heapMb = await heapAfterCollection(page)
  const baseline = { name: '30,000 lines of plain text', value: bare.perSecond }
  const mostRows = Math.max(...[...up, ...down].map((scrolled) => scrolled.mostRows))
  return [
    ...[['to the top, loading', framesOf(up)] as const, ['back to the end', framesOf(down)] as const].map(
      ([name, frames]): Figure => ({
        name: `scroll 30,000 events ${name}: frames`,
        unit: '/s',
        value: frames.perSecond,
        baseline,
        goal: 60,
        note: `p50 of ${frames.rounds.join(', ')}; ${frames.late} of ${frames.count} frames took more than 34 ms, the longest ${frames.longestMs.toFixed(0)} ms${frames.isOver ? '' : '; given up before the end'}`,
      }),
    ),
    {
      name: 'scroll 30,000 events to the top, loading: processor time of the page for each frame',
      unit: 'ms',
      value: framesOf(up).processorMs,
      baseline: { name: '30,000 lines of plain text', value: bare.processorMs },
      goal: 1_000 / 60,
      note: 'p50 of the same three times; the page has one thread for it',
    },
    {
      name: 'heap with all of 30,000 events loaded',
      unit: 'MB',
      value: heapMb,
      baseline: { name: '30,000 lines of plain text', value: bareHeapMb },
      goal: 150,
      note: `at most ${mostRows} rows are in the page at once`,
    },
  ]
}

function framesOf(rounds: readonly Scrolled[]) {
  const perSecond = rounds.map(({ framesMs }) => framesMs.length / (framesMs.reduce((sum, ms) => sum + ms, 0) / 1_000))
  const frames = rounds.flatMap(({ framesMs }) => framesMs)
  return {
    count: frames.length,
    // A display of 60 frames shows 59.9.
    perSecond: Math.round(spread(perSecond).p50),
    processorMs: spread(rounds.map(({ processorMs, framesMs }) => processorMs / framesMs.length)).p50,
    rounds: perSecond.map((value) => value.toFixed(1)),
    late: frames.filter((ms) => ms > 34).length,
    longestMs: Math.max(...frames),
    isOver: rounds.every(({ isOver }) => isOver),
  }
}

async function scroll(page: Page, to: 'top' | 'end'): Promise<Scrolled> {
  const tools = await page.context().newCDPSession(page)
  await tools.send('Performance.enable', { timeDomain: 'threadTicks' })
  const before = await metric(tools, 'TaskDuration')
  const scrolled = await probe<Omit<Scrolled, 'processorMs'>>(page, 'scrollTo', to, PIXELS_PER_FRAME, MOST_MS)
  const after = await metric(tools, 'TaskDuration')
  await tools.detach()
  return { ...scrolled, processorMs: (after - before) * 1_000 }
}

async function metric(tools: CDPSession, wanted: string): Promise<number> {
  const { metrics } = await tools.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
}

async function heapAfterCollection(page: Page): Promise<number> {
  const tools = await page.context().newCDPSession(page)
  await tools.send('HeapProfiler.collectGarbage')
  await tools.send('Performance.enable')
  const bytes = await metric(tools, 'JSHeapUsedSize')
  await tools.detach()
  return bytes / 1024 ** 2
}
