// Shows a session as it happens: lines for people with a progress line below them, or one event a line for programs.

import type { SessionEvent } from '@slipway/core/events'
import { openFeed, type FeedMessage } from '@slipway/server/stream/feed'
import type { Runtime } from '@slipway/server/runtime'
import { emptyContext } from '../render/render-context.ts'
import { renderEvent } from '../render/render-event.ts'
import { statusText, type LiveView } from '../render/status-text.ts'
import { lastLines } from '../render/plain-text.ts'
import type { Terminal } from '../terminal.ts'
import { printableJson } from '../render/printable-json.ts'
import { waitText } from './wait-text.ts'

export interface Viewer {
  /** Resolves when the event with this seq has been shown. */
  shown(seq: number): Promise<void>
  /** Resolves at the next event, after `ms` at the latest. */
  nextEvent(ms: number): Promise<void>
  /** Kind of the last question that was asked. */
  lastAsk(): string | null
  /** Takes the progress line away while somebody types. */
  pause(): void
  unpause(): void
  close(): void
}

export interface ViewerInput {
  runtime: Pick<Runtime, 'ports' | 'deltas'>
  sessionId: string
  after: number
  terminal: Terminal
  format: 'people' | 'json'
  /** Lines that are not printed, such as the head of a session that is known already. */
  skips?(event: SessionEvent): boolean
}

const STATUS_MS = 120

export function openViewer({ runtime, sessionId, after, terminal, format, skips }: ViewerInput): Viewer {
  const { ports, deltas } = runtime
  let context = emptyContext
  let live: LiveView = { phase: null, lastOutput: '' }
  let lastAsk: string | null = null
  let isPaused = false
  let failure: unknown = null
  const waiting = new Set<() => void>()

  function show(event: SessionEvent): void {
    const isSkipped = skips?.(event) ?? false
    if (event.body.type === 'human-asked' && !isSkipped) lastAsk = event.body.kind
    live = { phase: null, lastOutput: '' }
    if (format === 'json') {
      process.stdout.write(`${printableJson(event)}\n`)
      return
    }
    const rendered = renderEvent(context, event, terminal.style)
    context = rendered.context
    if (!isSkipped) for (const line of rendered.lines) terminal.print(line)
  }

  function receive(message: FeedMessage): void {
    switch (message.type) {
      case 'event':
        show(message.event)
        for (const wake of [...waiting]) wake()
        return
      case 'progress':
        live = { ...live, phase: { text: waitText(message.progress), startedAt: message.progress.startedAt } }
        return
      case 'delta':
        if (message.delta.channel === 'output') live = { ...live, lastOutput: lastLines(message.delta.text, 1, 200)[0] ?? live.lastOutput }
        return
      case 'ready':
        return
    }
  }

  const feed = openFeed({
    log: ports.log,
    bus: ports.bus,
    deltas,
    sessionId,
    after,
    send: receive,
    pressure: null,
    failed(error) {
      failure = error
      for (const wake of [...waiting]) wake()
    },
  })
  const ticker = setInterval(() => {
    if (!isPaused) terminal.status(statusText(context, live, ports.clock.now(), terminal.style))
  }, STATUS_MS)
  // The bus may lose a message; the log does not.
  const checker = setInterval(feed.check, 1_000)

  async function nextEvent(ms: number): Promise<void> {
    const done = new AbortController()
    const wake = (): void => done.abort()
    waiting.add(wake)
    await ports.clock.sleep(ms, done.signal)
    waiting.delete(wake)
    if (failure !== null) throw failure
  }

  return {
    async shown(seq) {
      while (feed.head() < seq) {
        feed.check()
        await nextEvent(200)
      }
    },
    nextEvent,
    lastAsk: () => lastAsk,
    pause() {
      isPaused = true
      terminal.status(null)
      terminal.lendLastLine()
    },
    unpause() {
      isPaused = false
    },
    close() {
      clearInterval(ticker)
      clearInterval(checker)
      feed.close()
      terminal.status(null)
    },
  }
}
