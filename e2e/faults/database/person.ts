// A person at the API of an installation whose parts fail: watches a session over one connection after the other, answers what
// is asked, asks again while the answer is 503, and notes down every refusal.

import { setTimeout as delay } from 'node:timers/promises'
import type { HumanAsked, SessionEvent } from '@slipway/core/events'
import { personsAnswer } from '../kill/story.ts'

export interface Refusal {
  status: number
  body: unknown
}

export interface PersonAtWork {
  shown: SessionEvent[]
  /** Questions other than those that the story foresees. */
  surprises: string[]
  refusals: Refusal[]
  /** Looks at the session once. */
  look(): Promise<number>
  until(condition: (shown: SessionEvent[]) => boolean, deadlineMs: number): Promise<void>
  leave(): void
}

/** Starts to watch at once. */
export function watchSession({ url, token, sessionId }: { url: string; token: string; sessionId: string }): PersonAtWork {
  const shown: SessionEvent[] = []
  const surprises: string[] = []
  const refusals: Refusal[] = []
  const changed = new EventTarget()
  const stream = `${url.replace('http', 'ws')}/api/v1/sessions/${sessionId}/stream`
  let socket: WebSocket | null = null
  let isLeaving = false

  function connect(): void {
    socket = new WebSocket(`${stream}?after=${shown.at(-1)?.seq ?? 0}`, ['slipway', `bearer.${token}`])
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as { type: string; event: SessionEvent } // as docs/api.md has them
      if (message.type !== 'event') return
      shown.push(message.event)
      const { body } = message.event
      if (body.type === 'human-asked') void reply(body).catch((error: unknown) => surprises.push(String(error)))
      changed.dispatchEvent(new Event('change'))
    })
    socket.addEventListener('error', () => undefined)
    socket.addEventListener('close', () => {
      if (!isLeaving) setTimeout(connect, 100)
    })
  }

  async function ask(path: string, body?: unknown): Promise<number> {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) refusals.push({ status: answer.status, body: JSON.parse(text) })
    return answer.status
  }

  async function reply(asked: HumanAsked): Promise<void> {
    if (asked.kind !== 'question' && asked.kind !== 'approval') surprises.push(`${asked.kind}: ${asked.question}`)
    const given = asked.kind === 'question' ? { decision: 'answer', text: personsAnswer } : { decision: 'approve' }
    const body = { askId: asked.askId, effectHash: asked.effect?.hash ?? null, ...given }
    for (;;) {
      const status = await ask(`/sessions/${sessionId}/answers`, body)
      if (status === 202) return
      // The first try was stored although its answer was lost.
      if (status === 409) return void refusals.pop()
      if (status !== 503 || isLeaving) throw new Error(`an answer was refused with ${status}`)
      await delay(200)
    }
  }

  connect()
  return {
    shown,
    surprises,
    refusals,
    look: () => ask(`/sessions/${sessionId}`),
    until: (condition, deadlineMs) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`not within ${deadlineMs} ms; the last that was shown: ${describe(shown)}`)),
          deadlineMs,
        )
        const check = (): void => {
          if (!condition(shown)) return
          clearTimeout(late)
          changed.removeEventListener('change', check)
          resolve()
        }
        changed.addEventListener('change', check)
        check()
      }),
    leave() {
      isLeaving = true
      socket?.close()
    },
  }
}

function describe(events: SessionEvent[]): string {
  return events
    .slice(-6)
    .map(({ seq, body }) => `\n  ${seq} ${JSON.stringify(body).slice(0, 300)}`)
    .join('')
}
