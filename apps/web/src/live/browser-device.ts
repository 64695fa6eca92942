// The browser as a stream needs it.

import { addressOf, send } from '../api/client.ts'
import { ApiProblem } from '../api/problem.ts'
import type { LineDevice, LineSocket } from './keep-line.ts'
import type { StreamDevice } from './session-stream.ts'

const TICK_MS = 5_000
/** Ticks that come so late mean that the device slept. Only a visible page counts: others tick seldom by design. */
const SLEPT_MS = 20_000

const browser = { isOnline: () => navigator.onLine, onWake, nowMs: Date.now, random: Math.random }

/** `path` below the API: `/sessions/<id>` or `/shared/<token>`. */
export function browserDevice(path: string): StreamDevice {
  return {
    ...browser,
    openSocket: (after) => openSocket(addressOf(`${path}/stream`, { query: { after } })),
    mayRead: (after) => isAnswered(send(`GET ${path}/events`, { query: { after, limit: 1 } })),
  }
}

/** Where a person hears that the list of their sessions changed. */
export function listDevice(): LineDevice {
  return {
    ...browser,
    openSocket: () => openSocket('/sessions/stream'),
    mayRead: () => isAnswered(send('GET /sessions', { query: { limit: 1 } })),
  }
}

function openSocket(path: string): LineSocket {
  const address = new URL(`/api/v1${path}`, window.location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return quietly(new WebSocket(address))
}

/** false: the answer is no. Throws when there is none. */
async function isAnswered(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer
    return true
  } catch (error) {
    if (error instanceof ApiProblem && [401, 403, 404].includes(error.status)) return false
    throw error
  }
}

function onWake(listener: (wake: { wasAsleep: boolean }) => void): () => void {
  const ended = new AbortController()
  const { signal } = ended
  let aliveAtMs = Date.now()
  const check = (): void => {
    const sleptMs = Date.now() - aliveAtMs
    aliveAtMs = Date.now()
    if (sleptMs > SLEPT_MS) listener({ wasAsleep: true })
  }
  const interval = setInterval(() => {
    if (document.visibilityState === 'visible') check()
  }, TICK_MS)
  const network = (): void => listener({ wasAsleep: true })
  window.addEventListener('online', network, { signal })
  window.addEventListener('offline', network, { signal })
  document.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState === 'visible') check()
      else aliveAtMs = Date.now()
    },
    { signal },
  )
  return () => {
    clearInterval(interval)
    ended.abort()
  }
}

/** Closes a line only once it is open: browsers warn in the console about one that is closed before. */
function quietly(socket: WebSocket): LineSocket {
  const close = (): void => {
    if (socket.readyState !== WebSocket.CONNECTING) WebSocket.prototype.close.call(socket)
    else socket.addEventListener('open', () => WebSocket.prototype.close.call(socket))
  }
  // The handlers of a WebSocket may take the event; ours take less of it.
  return Object.assign(socket, { close }) as unknown as LineSocket
}
