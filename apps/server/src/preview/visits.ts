// Who may look at which preview: a ticket that counts once becomes a cookie of the preview's own origin.
// All of it lives in this process; after a restart people open their previews again.

import { createHash, createHmac, randomBytes } from 'node:crypto'
import { makeBearerSecret } from '../auth/bearer-secret.ts'

export interface VisitOf {
  sessionId: string
  ownerId: string
  port: number
  /** Origin of the page that may show the preview in a frame; null: none. */
  framedBy: string | null
}

export interface Visit extends VisitOf {
  label: string
  /** Aborts when what let the person in is taken away, or the visit has lasted long enough. */
  ended: AbortSignal
}

export interface Visits {
  /** A ticket for `/__slipway/enter`. `watch` is told how to end the visit, and returns how to stop watching. */
  invite(of: VisitOf, watch: (end: () => void) => () => void): { label: string; ticket: string }
  /** Spends the ticket; null when it is unknown, spent, too old or for another preview. */
  enter(label: string, ticket: string): { cookie: string } | null
  /** null: nobody who may look at this preview. */
  find(label: string, cookie: string): Visit | null
  close(): void
}

export interface VisitsOptions {
  now(): number
  ticketMs?: number
  visitMs?: number
  /** Of one owner; the oldest ends when there is one more. */
  most?: number
}

interface Held {
  visit: Visit
  expiresAt: number
  end(): void
}

const TICKET_MS = 60_000
const VISIT_MS = 12 * 3_600_000
const MOST = 100

export function openVisits({ now, ticketMs = TICKET_MS, visitMs = VISIT_MS, most = MOST }: VisitsOptions): Visits {
  const key = randomBytes(32)
  const tickets = new Map<string, Held>()
  const visits = new Map<string, Held>()

  /** The same preview of the same person keeps its origin, and with it what it stored in the browser. Nobody else can guess it. */
  function labelOf({ ownerId, sessionId, port }: VisitOf): string {
    return `p${createHmac('sha256', key)
      .update(JSON.stringify([ownerId, sessionId, port]))
      .digest('hex')
      .slice(0, 31)}`
  }

  function sweep(held: Map<string, Held>): void {
    for (const [hash, one] of held) if (one.expiresAt <= now() || one.visit.ended.aborted) drop(held, hash)
  }

  function drop(held: Map<string, Held>, hash: string): void {
    const one = held.get(hash)
    held.delete(hash)
    one?.end()
  }

  function makeRoom(held: Map<string, Held>, ownerId: string): void {
    sweep(held)
    const own = [...held].filter(([, { visit }]) => visit.ownerId === ownerId)
    for (const [hash] of own.slice(0, Math.max(0, own.length - most + 1))) drop(held, hash)
  }

  return {
    invite(of, watch) {
      makeRoom(tickets, of.ownerId)
      const over = new AbortController()
      const label = labelOf(of)
      const unwatch = watch(() => over.abort())
      const end = (): void => {
        unwatch()
        over.abort()
      }
      const ticket = makeBearerSecret('').text
      tickets.set(hashOf(ticket), { visit: { ...of, label, ended: over.signal }, expiresAt: now() + ticketMs, end })
      return { label, ticket }
    },
    enter(label, ticket) {
      sweep(tickets)
      const hash = hashOf(ticket)
      const held = tickets.get(hash)
      if (held === undefined) return null
      tickets.delete(hash)
      // Shown at another door, it was taken from somewhere; it counts nowhere any more.
      if (held.visit.label !== label) {
        held.end()
        return null
      }
      makeRoom(visits, held.visit.ownerId)
      const cookie = makeBearerSecret('').text
      visits.set(hashOf(cookie), { ...held, expiresAt: now() + visitMs })
      return { cookie }
    },
    find(label, cookie) {
      const hash = hashOf(cookie)
      const held = visits.get(hash)
      if (held === undefined) return null
      if (held.expiresAt <= now() || held.visit.ended.aborted) {
        drop(visits, hash)
        return null
      }
      return held.visit.label === label ? held.visit : null
    },
    close() {
      for (const held of [tickets, visits]) for (const hash of [...held.keys()]) drop(held, hash)
    },
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
