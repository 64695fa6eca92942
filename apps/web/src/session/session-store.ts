// One session as this page knows it: a gapless run of events that grows at both ends, and the text of what runs right now.
// Framework-free. What arrives is taken in at most every 50 ms, so that a burst costs one rendering.

import type { SessionEvent } from '@slipway/core/events'
import type { DeltaChannel } from '@slipway/core/ports'
import { type Awaited, makeAwaitedList } from '@slipway/core/waiting/awaited-list'
import { makeDeltaTexts, type Piece } from './delta-texts.ts'
import { makeFoldedEvents, type MakeFold } from './folded-events.ts'
import type { Connection, SessionSource } from './session-source.ts'

export interface SessionStore {
  sessionId: string
  /** Loaded events, ascending and gapless up to the head. A new array when something was added, else the same one. */
  getEvents(): readonly SessionEvent[]
  /** What a fold makes of the loaded events. The same object until some were added that matter to it. */
  read<Result>(make: MakeFold<Result>): Result
  /** Seq of the newest known event; 0 before the first page is there. */
  getHead(): number
  /** Whether there are events before the first loaded one. */
  hasOlder(): boolean
  /** Loads what came before, ever more of it; false when there was nothing to load or it failed (`getProblem` says why). */
  loadOlder(): Promise<boolean>
  getConnection(): Connection
  /** Why the last page could not be read; null when it could. */
  getProblem(): unknown
  /** Tries the first page again after a problem. */
  retry(): void
  /** What the worker waits for right now, as far as it is known. A new array when that changed, else the same one. */
  getAwaited(): readonly Awaited[]
  /** Called when events, connection, progress or problem changed; not for text of running calls. */
  subscribe(listener: () => void): () => void
  /** Text of a running call; empty when nothing has arrived or the call has its outcome in the log. */
  getDelta(callId: string, channel: DeltaChannel): string
  subscribeDelta(callId: string, channel: DeltaChannel, listener: () => void): () => void
  close(): void
}

export interface StoreOptions {
  sessionId: string
  source: SessionSource
  pageSize?: number
  /** Of the pages before the first: whoever goes back wants much. */
  olderPageSize?: number
  batchMs?: number
  nowMs?: () => number
}

type Arrived = { kind: 'event'; event: SessionEvent } | { kind: 'piece'; piece: Piece }

/**
 * Each load costs a rendering and folds all that is there anew, and whoever goes back far goes back further: so a load reads twice
 * as many pages as the one before, up to so many.
 */
const MOST_PAGES = 16

/** Larger than any seq: the newest page. */
const FROM_THE_END = 2 ** 31 - 1

/** Opens at the newest page of events, follows the stream from there, and loads older pages when asked. */
export function openSessionStore(options: StoreOptions): SessionStore {
  const { sessionId, source, pageSize = 200, olderPageSize = 500, batchMs = 50, nowMs = Date.now } = options
  const loaded = makeFoldedEvents()
  const texts = makeDeltaTexts()
  const awaited = makeAwaitedList()
  const listeners = new Set<() => void>()
  const pieceListeners = new Map<string, Set<() => void>>()
  const ended = new AbortController()
  let connection: Connection = { state: 'opening', sinceMs: nowMs() }
  let problem: unknown = null
  let older: Promise<boolean> | null = null
  let olderPages = 1
  let unfollow: (() => void) | null = null
  let arrived: Arrived[] = []
  let timer: ReturnType<typeof setTimeout> | null = null
  let takenInAtMs = Number.NEGATIVE_INFINITY

  const head = (): number => loaded.all().at(-1)?.seq ?? 0
  const first = (): number => loaded.all()[0]?.seq ?? 1
  const notify = (): void => listeners.forEach((listener) => listener())

  function push(item: Arrived): void {
    arrived.push(item)
    // The first after a pause is shown at once; what follows it waits for its companions.
    timer ??= setTimeout(takeIn, Math.max(0, takenInAtMs + batchMs - nowMs()))
  }

  function takeIn(): void {
    timer = null
    takenInAtMs = nowMs()
    const items = arrived
    arrived = []
    const fresh: SessionEvent[] = []
    const changed = new Set<string>()
    let last = head()
    let hasGap = false
    for (const item of items) {
      if (item.kind === 'piece') {
        if (texts.write(item.piece)) changed.add(keyOf(item.piece.callId, item.piece.channel))
      } else if (item.event.seq === last + 1) {
        fresh.push(item.event)
        last = item.event.seq
        awaited.end(item.event)
        for (const key of settle(item.event)) changed.add(key)
      } else if (item.event.seq > last + 1) hasGap = true
    }
    // Both in one tick, so that the finished text takes the place of the streamed one in a single rendering.
    if (fresh.length > 0) {
      loaded.append(fresh)
      notify()
    }
    for (const key of changed) pieceListeners.get(key)?.forEach((listener) => listener())
    if (hasGap) follow()
  }

  /** Lets go of the text of calls that the event ends; returns what changed by that. */
  function settle({ body }: SessionEvent): string[] {
    switch (body.type) {
      case 'model-responded': {
        const calls = body.content.flatMap((part) => (part.type === 'tool-call' ? [part.callId] : []))
        for (const callId of calls) texts.restart(callId)
        return [...keysOf(body.callId, texts.finish(body.callId)), ...calls.map((callId) => keyOf(callId, 'tool-input'))]
      }
      case 'model-failed':
      case 'tool-finished':
        return keysOf(body.callId, texts.finish(body.callId))
      case 'tool-started':
        texts.restart(body.callId)
        return [keyOf(body.callId, 'output')]
      default:
        return []
    }
  }

  function setConnection(next: Connection): void {
    connection = next
    notify()
  }

  /** From the last event that is known; a line that was open is left. */
  function follow(): void {
    unfollow?.()
    unfollow = source.follow(head(), {
      onEvent: (event) => push({ kind: 'event', event }),
      onPiece: (piece) => push({ kind: 'piece', piece }),
      onProgress(next) {
        // After the events that came before it.
        if (timer !== null) clearTimeout(timer)
        takeIn()
        awaited.add(next)
        notify()
      },
      onConnection: setConnection,
    })
  }

  async function readBefore(before: number, limit: number, pages: number): Promise<boolean> {
    try {
      const read = await readPages(before, limit, pages)
      if (ended.signal.aborted) return false
      await loaded.prepend(read.events, ended.signal)
      if (ended.signal.aborted) return false
      problem = read.problem
      for (const event of read.events) if (isEndOfText(event, before === FROM_THE_END)) settle(event)
      return problem === null && read.events.length > 0
    } finally {
      // Whoever hears of this page may ask for the next one at once.
      older = null
      if (!ended.signal.aborted) notify()
    }
  }

  /**
   * An old start is no new one: what its call has printed since then stays. And of calls that ended before the newest page no
   * more pieces are on their way; remembered all the same, they would push out those for which some are.
   */
  function isEndOfText({ body }: SessionEvent, isNewestPage: boolean): boolean {
    return body.type !== 'tool-started' && (isNewestPage || ('callId' in body && body.callId !== null && texts.has(body.callId)))
  }

  /** Up to so many pages, one after the other; what was read before a problem is there all the same. */
  async function readPages(before: number, limit: number, pages: number): Promise<{ events: SessionEvent[]; problem: unknown }> {
    let events: SessionEvent[] = []
    try {
      for (let page = 0; page < pages && (events[0]?.seq ?? before) > 1; page++) {
        const read = await source.readPage({ before: events[0]?.seq ?? before, limit, signal: ended.signal })
        if (read.events.length === 0) break
        events = [...read.events, ...events]
      }
      return { events, problem: null }
    } catch (error) {
      return { events, problem: error }
    }
  }

  async function open(): Promise<void> {
    await readBefore(FROM_THE_END, pageSize, 1)
    if (ended.signal.aborted || problem !== null) return
    follow()
  }

  function loadOlder(): Promise<boolean> {
    if (first() <= 1) return Promise.resolve(false)
    if (older !== null) return older
    older = readBefore(first(), olderPageSize, olderPages)
    olderPages = Math.min(olderPages * 2, MOST_PAGES)
    return older
  }

  void open()
  return {
    sessionId,
    getEvents: loaded.all,
    read: loaded.read,
    getHead: head,
    hasOlder: () => first() > 1,
    loadOlder,
    getConnection: () => connection,
    getProblem: () => problem,
    retry() {
      if (problem !== null) void (unfollow === null ? open() : loadOlder())
    },
    getAwaited: awaited.all,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    getDelta: texts.read,
    subscribeDelta(callId, channel, listener) {
      const key = keyOf(callId, channel)
      const set = pieceListeners.get(key) ?? new Set()
      pieceListeners.set(key, set)
      set.add(listener)
      return () => {
        set.delete(listener)
        if (set.size === 0 && pieceListeners.get(key) === set) pieceListeners.delete(key)
      }
    },
    close() {
      ended.abort()
      unfollow?.()
      if (timer !== null) clearTimeout(timer)
      listeners.clear()
      pieceListeners.clear()
    },
  }
}

function keyOf(callId: string, channel: DeltaChannel): string {
  return `${callId} ${channel}`
}

function keysOf(callId: string, channels: DeltaChannel[]): string[] {
  return channels.map((channel) => keyOf(callId, channel))
}
