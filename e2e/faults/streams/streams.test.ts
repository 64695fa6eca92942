// Viewers whose connections break at random moments, while a model's text and a terminal's bytes stream through real processes,
// a real database, a real sandbox and real WebSockets: each is shown everything, in order, once.

import { setTimeout as delay } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { SessionEvent } from '@slipway/core/events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chooseSeed, deadlineMs, openProgress, rounds, seededRandom } from '../effort.ts'
import { judgeLife, textsOf, type Texts } from './judge-life.ts'
import { openServer, type Server } from './open-server.ts'
import { type Scene, spoken, talkingTask, tellScene, terminalText, thinkingTask } from './speech.ts'
import { type Fate, openViewer, type Viewer } from './viewer.ts'

const timeLimit = deadlineMs({ short: 300_000, long: 3_600_000 })
const scene: Scene = { words: 250, paceMs: 6, lines: 60 }
const CLOSED_SLOW = 4008

let server: Server
beforeAll(async () => {
  server = await openServer(tellScene(scene))
})
afterAll(() => server.close())

const view = (sessionId: string): Promise<Viewer> => openViewer({ port: server.port, token: server.token, sessionId })

const wanted = rounds({ short: 40, long: 1_000 })
test.concurrent(
  `${wanted} breaks of connections at random moments leave no gap and nothing doubled, in events and in text`,
  async () => {
    const random = seededRandom(chooseSeed('streams'))
    const tell = openProgress('streams', wanted)
    for (let breaks = 0; breaks < wanted; tell(breaks)) breaks += await talk(random, wanted - breaks)
  },
  timeLimit,
)

/** One session with one viewer that stays and several that do not; how many connections were broken. */
async function talk(random: () => number, atMost: number): Promise<number> {
  const sessionId = await server.create(talkingTask)
  const steady = await view(sessionId)
  const restless = await Promise.all(Array.from({ length: 5 }, () => view(sessionId)))
  let breaks = 0

  async function watch(viewer: Viewer): Promise<void> {
    while (breaks < atMost && !viewer.isFinished()) {
      if (random() < 0.2) viewer.reload()
      const connected = viewer.connect(chooseFate(random))
      const timer = setTimeout(() => viewer.proxy.breakNow(), random() * 1_500)
      await connected
      clearTimeout(timer)
      if (!viewer.isFinished()) breaks += 1
    }
    if (!viewer.isFinished()) await stay(viewer)
  }

  void steady.connect('stay')
  // What is broken before anything streams proves little.
  await steady.until((life) => life.flat().some(({ type }) => type === 'delta'))
  await Promise.all([steady.until(() => steady.isFinished()), ...restless.map(watch)])
  const events = await server.events(sessionId)
  const texts = textsIn(events)
  expect(events.at(-1)?.body.type).toBe('session-finished')
  expect(restless.flatMap((viewer) => viewer.lives.flatMap((life) => judgeLife(life, events, texts)))).toEqual([])
  expect(steady.lives.flatMap((life) => judgeLife(life, events, texts))).toEqual([])
  // Who was there all the time is shown everything that was said; the last words may come after the event that has them.
  const isShown = (): boolean => isDeepStrictEqual(said(textsOf(steady.lives.flat())), said(texts))
  await Promise.race([steady.until(isShown), delay(10_000)])
  expect(said(textsOf(steady.lives.flat()))).toEqual(said(texts))
  await Promise.all([steady, ...restless].map((viewer) => viewer.close()))
  return breaks
}

async function stay(viewer: Viewer): Promise<void> {
  const closed = viewer.connect('stay')
  await viewer.until(() => viewer.isFinished())
  viewer.leave()
  await closed
}

/** Resolves when the server has let a viewer go because it reads too slowly. */
async function letGo(withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs
  while ((await server.viewersLeft('slow')) === 0) {
    if (performance.now() > deadline) throw new Error(`the server did not let go of a viewer that reads nothing within ${withinMs} ms`)
    await delay(100)
  }
}

/** Short connections and long ones alike, cut anywhere in the handshake, the history or what is live. */
function chooseFate(random: () => number): Fate {
  if (random() < 0.3) return { leaveAfterMessages: 1 + Math.floor(random() * 30) }
  return { breakAfterBytes: Math.floor(10 ** (1.5 + random() * 3)) }
}

/** The whole texts as the log has them, which must be what the model said and what the command printed. */
function textsIn(events: SessionEvent[]): Texts {
  const texts: Texts = new Map()
  const printed = ['a', 'b'].map((turn) => terminalText(turn, scene))
  for (const { body } of events) {
    if (body.type === 'model-responded') {
      texts.set(`${body.callId} text`, body.content.map((part) => (part.type === 'text' ? part.text : '')).join(''))
      for (const part of body.content) if (part.type === 'tool-call') texts.set(`${part.callId} tool-input`, JSON.stringify(part.input))
    }
    if (body.type === 'tool-finished' && body.facts['command'] !== undefined) {
      texts.set(`${body.callId} output`, printed.find((text) => body.output.endsWith(text.trimEnd())) ?? 'not what was printed')
    }
  }
  expect([...texts].filter(([key]) => key.endsWith(' text')).map(([, text]) => text)).toEqual(spoken(scene))
  return texts
}

/** Texts and terminals; arguments of tools come as the model wrote them, which may differ in white space. */
function said(texts: Texts): Texts {
  return new Map([...texts].filter(([key]) => !key.endsWith(' tool-input')))
}

test.concurrent(
  'a viewer that stops reading slows nobody, is told where to go on, and comes back to the rest',
  async () => {
    const sessionId = await server.create(thinkingTask)
    const [slow, quick, other] = await Promise.all([view(sessionId), view(sessionId), view(sessionId)])
    const closed = slow.connect('stay')
    for (const viewer of [quick, other]) void viewer.connect('stay')
    const isThinking = (viewer: Viewer): Promise<void> =>
      viewer.until((life) => life.flat().some((message) => message.type === 'event' && message.event.body.type === 'model-requested'))
    await Promise.all([slow, quick, other].map(isThinking))
    slow.proxy.stall()
    // More than what the buffers between the two take.
    const large = '漢'.repeat(100_000)
    const count = 50
    for (let message = 0; message < count; message++) await server.say(sessionId, `${message} ${large}`.slice(0, 100_000))
    const head = (await server.events(sessionId)).length
    await Promise.all([quick, other].map((viewer) => viewer.until(() => viewer.head() === head)))
    // The others have everything, and this one has not even what fits into the buffers.
    expect(slow.head()).toBeLessThan(head - count / 2)
    await letGo(150_000)
    slow.proxy.resume()
    expect(await closed).toBe(CLOSED_SLOW)
    const last = slow.lives.flat(2).at(-1)
    expect(last).toEqual({ type: 'resync', after: slow.head() })
    expect(slow.head()).toBeLessThan(head)
    void slow.connect('stay')
    await slow.until(() => slow.head() === head)
    const events = await server.events(sessionId)
    for (const viewer of [slow, quick, other]) {
      expect(viewer.lives.flatMap((life) => judgeLife(life, events.slice(0, head), new Map()))).toEqual([])
      await viewer.close()
    }
  },
  timeLimit,
)
