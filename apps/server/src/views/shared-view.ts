// What a shared link shows: the session without money, without who it belongs to, and without places on the server.

import type { SessionEvent } from '@slipway/core/events'
import type { SessionView } from '../contract/session-schemas.ts'

export function viewShared(session: SessionView): Omit<SessionView, 'cost' | 'isArchived'> {
  const { cost: _, isArchived: __, ...shown } = session
  return {
    ...shown,
    repository: { ...shown.repository, url: withoutPlace(shown.repository.url) },
    ask: shown.ask && { ...shown.ask, effect: withoutHash(shown.ask.effect) },
  }
}

/** The same event; people are nobody in particular, amounts are 0. */
export function viewSharedEvent(event: SessionEvent): SessionEvent {
  const actor = event.actor.kind === 'person' ? { kind: 'person' as const, id: 'owner' } : event.actor
  return { ...event, actor, body: withoutPrivate(event.body) as SessionEvent['body'] } // same shape, other values
}

function withoutPrivate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrivate)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(key, inner, value)]))
}

function shown(key: string, inner: unknown, whole: object): unknown {
  if (key.endsWith('Micros')) return inner === null ? null : 0
  if (key === 'ownerId') return 'owner'
  if (key === 'effectHash') return null
  if (key === 'effect') return withoutHash(inner as Hashed | null)
  if (key === 'url' && 'forge' in whole && typeof inner === 'string') return withoutPlace(inner)
  return withoutPrivate(inner)
}

interface Hashed {
  hash: string
}

/** An approval counts for this hash; who only looks needs none. */
function withoutHash<Effect extends Hashed>(effect: Effect | null): Effect | null {
  return effect && { ...effect, hash: '' }
}

/** Of a path on the server only its last part. */
function withoutPlace(url: string): string {
  return url.startsWith('/') || url.startsWith('file:') ? (url.replace(/\/+$/, '').split('/').at(-1) ?? '') : url
}
