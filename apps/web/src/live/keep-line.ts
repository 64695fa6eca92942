// Keeps a WebSocket open through any number of broken lines, sleeps of the device and restarts of the server.
// Framework-free; the browser comes in as `LineDevice`.

/**
 * opening: the first line is being opened. live: whatever happens is seen at once.
 * reconnecting: the line broke and is being opened again. offline: this device has no network.
 * closed: access was taken away; nothing more will come.
 */
export type LineState = 'opening' | 'live' | 'reconnecting' | 'offline' | 'closed'

/** What a line needs of a WebSocket. */
export interface LineSocket {
  onopen: (() => void) | null
  onmessage: ((message: { data: unknown }) => void) | null
  onclose: ((closed: { code: number }) => void) | null
  close(): void
}

export interface LineDevice {
  openSocket(): LineSocket
  /** Whether this person may still read here. Throws when the server cannot be asked. */
  mayRead(): Promise<boolean>
  isOnline(): boolean
  /** Called when the device or the page comes back to life; returns how to end that. */
  onWake(listener: (wake: { wasAsleep: boolean }) => void): () => void
  nowMs(): number
  random(): number
}

export interface Line {
  /** Everything from before has arrived. */
  isLive(): void
  /** Drops the line and opens another. */
  reopen(): void
}

export interface LineHandlers {
  onMessage(data: string, line: Line): void
  onConnection(connection: { state: LineState; sinceMs: number }): void
}

/** Access was taken away: signed out, or the link withdrawn. */
const CLOSED_UNAUTHORISED = 4401
/** This page read too slowly; the server holds nothing for it and waits for it to come back. */
const CLOSED_SLOW = 4008
const FIRST_WAIT_MS = 400
const LONGEST_WAIT_MS = 15_000
/** A line that did not open in this time never will. */
const OPENING_MS = 10_000

/** Returns how to end it, after which no handler is called. */
export function keepLine({ device, handlers }: { device: LineDevice; handlers: LineHandlers }): () => void {
  let state: LineState | null = null
  let socket: LineSocket | null = null
  let failures = 0
  let timer: ReturnType<typeof setTimeout> | null = null
  let hasEnded = false
  const line: Line = { isLive, reopen }

  function tell(next: LineState): void {
    if (state === next) return
    state = next
    handlers.onConnection({ state: next, sinceMs: device.nowMs() })
  }

  function wait(ms: number, then: () => void): void {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => {
      timer = null
      then()
    }, ms)
  }

  function stopWaiting(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
  }

  function letGo(): void {
    const old = socket
    socket = null
    if (old === null) return
    old.onopen = old.onmessage = old.onclose = null
    old.close()
  }

  function end(): void {
    hasEnded = true
    stopWaiting()
    letGo()
    stopWaking()
  }

  function open(): void {
    letGo()
    if (!device.isOnline()) return tell('offline')
    tell(state === null || state === 'opening' ? 'opening' : 'reconnecting')
    const opened = device.openSocket()
    socket = opened
    let hasOpened = false
    opened.onopen = () => {
      hasOpened = true
      stopWaiting()
    }
    opened.onmessage = ({ data }) => handlers.onMessage(String(data), line)
    opened.onclose = ({ code }) => broken(code, hasOpened)
    wait(OPENING_MS, () => broken(0, false))
  }

  function isLive(): void {
    failures = 0
    tell('live')
  }

  function reopen(): void {
    tell('reconnecting')
    open()
  }

  function broken(code: number, hadOpened: boolean): void {
    letGo()
    stopWaiting()
    if (code === CLOSED_SLOW && failures === 0) return reopen()
    // A refused upgrade looks like a broken line to a page, so the server is asked.
    if (code === CLOSED_UNAUTHORISED || !hadOpened) void askAccess()
    else again()
  }

  async function askAccess(): Promise<void> {
    // Whatever opens a line meanwhile has taken over.
    const isStale = (): boolean => hasEnded || socket !== null || timer !== null
    tell(device.isOnline() ? (state === 'opening' ? 'opening' : 'reconnecting') : 'offline')
    const mayRead = await device.mayRead().catch(() => null)
    if (isStale()) return
    if (mayRead !== false) return again()
    tell('closed')
    end()
  }

  function again(): void {
    if (!device.isOnline()) return tell('offline')
    tell(state === 'opening' ? 'opening' : 'reconnecting')
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures)
    failures += 1
    // Spread out, so that a restarted server is not met by every page at once.
    wait(longest * (0.5 + device.random() / 2), open)
  }

  const stopWaking = device.onWake(({ wasAsleep }) => {
    if (!device.isOnline()) {
      letGo()
      stopWaiting()
      return tell('offline')
    }
    // A line from before a sleep may be dead without anybody knowing; a new one costs little.
    if (state === 'live' && !wasAsleep) return
    failures = 0
    stopWaiting()
    reopen()
  })
  open()
  return end
}
