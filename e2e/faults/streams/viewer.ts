// One person's window on a session: it comes and goes, is cut off, is loaded anew, and notes down everything that it was sent.

import type { SessionEvent } from '@slipway/core/events'
import { startCuttingProxy, type CuttingProxy } from './cutting-proxy.ts'

interface ShownDelta {
  callId: string
  channel: string
  offset: number
  text: string
}

type ShownMessage =
  | { type: 'event'; event: SessionEvent }
  | { type: 'ready'; head: number }
  | { type: 'delta'; delta: ShownDelta }
  | { type: 'progress' }
  | { type: 'resync'; after: number }

/** What a window shows from when it was loaded until it is loaded anew: connections one after the other, with what came over each. */
export type Life = ShownMessage[][]

/** How a connection comes to its end: it breaks after so many bytes, the viewer leaves after so many messages, or neither. */
export type Fate = { breakAfterBytes: number } | { leaveAfterMessages: number } | 'stay'

export interface Viewer {
  lives: Life[]
  proxy: CuttingProxy
  /** The last event of this life. */
  head(): number
  isFinished(): boolean
  /** Forgets everything, as a page that is loaded anew. */
  reload(): void
  /** One connection from where this life is, until it ends; the close code. */
  connect(fate: Fate): Promise<number>
  /** Resolves when the messages of this life fulfil it. */
  until(condition: (life: Life) => boolean): Promise<void>
  leave(): void
  close(): Promise<void>
}

export interface ViewerInput {
  port: number
  token: string
  sessionId: string
}

/** Opens a window with a proxy of its own; nothing is connected yet. */
export async function openViewer({ port, token, sessionId }: ViewerInput): Promise<Viewer> {
  const proxy = await startCuttingProxy(port)
  let life: Life = []
  const lives = [life]
  let socket: WebSocket | null = null
  const waiting = new Set<() => void>()

  const head = (): number =>
    life
      .flat()
      .reduce((last, message) => (message.type === 'event' ? message.event.seq : message.type === 'resync' ? message.after : last), 0)

  function connect(fate: Fate): Promise<number> {
    const messages: ShownMessage[] = []
    const after = head()
    life.push(messages)
    proxy.breakNextAfter(typeof fate === 'object' && 'breakAfterBytes' in fate ? fate.breakAfterBytes : null)
    const opened = new WebSocket(`ws://127.0.0.1:${proxy.port}/api/v1/sessions/${sessionId}/stream?after=${after}`, [
      'slipway',
      `bearer.${token}`,
    ])
    socket = opened
    return new Promise((resolve) => {
      opened.addEventListener('message', ({ data }) => {
        messages.push(JSON.parse(String(data)) as ShownMessage) // as docs/api.md has them
        if (typeof fate === 'object' && 'leaveAfterMessages' in fate && messages.length === fate.leaveAfterMessages) opened.close()
        for (const look of waiting) look()
      })
      opened.addEventListener('error', () => undefined)
      opened.addEventListener('close', ({ code }) => resolve(code))
    })
  }

  return {
    lives,
    proxy,
    head,
    isFinished: () => life.flat().some((message) => message.type === 'event' && message.event.body.type === 'session-finished'),
    reload() {
      life = []
      lives.push(life)
    },
    connect,
    until: (condition) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!condition(life)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    leave: () => socket?.close(),
    async close() {
      socket?.close()
      await proxy.close()
    },
  }
}
