// What a shared link shows: the session without money, without who it belongs to, and without places on the server.

import { resolve } from 'node:path'
import type { Roles, SessionCreated, SessionEvent, SessionForked } from '@slipway/core/events'
import type { Queryable } from '@slipway/store/person-store'
import type { SessionView } from '../contract/session-schemas.ts'

/** Places on the server that a session speaks of, longest first, so that none is taken apart by another. */
export type Places = readonly string[]

const SCRIPTED = 'scripted/'

/** Where the session's local repository and its models' scripts lie. `store` shows the owner's rows only. */
export async function readPlaces(
  store: Queryable,
  { sessionId, scriptFolder }: { sessionId: string; scriptFolder: string },
): Promise<Places> {
  const { rows } = await store.query<{ body: SessionCreated | SessionForked }>(
    `select body from events where session_id = $1 and type in ('session-created', 'session-forked')`,
    [sessionId],
  )
  const found = rows.flatMap(({ body }) =>
    body.type === 'session-forked' ? scripts([body.model], scriptFolder) : placesOf(body, scriptFolder),
  )
  return [...new Set(found)].filter((place) => place !== '').sort((a, b) => b.length - a.length)
}

function placesOf({ repository, roles }: Pick<SessionCreated, 'repository' | 'roles'>, scriptFolder: string): string[] {
  const models = Object.values(roles satisfies Roles).flatMap(({ model, fallback }) => [model, fallback])
  return [...(isPlace(repository.url) ? [repository.url.replace(/\/+$/, '')] : []), ...scripts(models, scriptFolder)]
}

/** Errors speak of the whole path, whatever the model was called. */
function scripts(models: readonly (string | null)[], scriptFolder: string): string[] {
  return models.flatMap((model) => {
    if (!model?.startsWith(SCRIPTED)) return []
    const file = model.slice(SCRIPTED.length)
    return [...new Set([resolve(scriptFolder, file), file])].filter((place) => place.includes('/'))
  })
}

export function viewShared(session: SessionView, places: Places): Omit<SessionView, 'cost' | 'isArchived'> {
  const { cost: _, isArchived: __, ...rest } = session
  return withoutPrivate(rest, places) as typeof rest // same shape, other values
}

/** The same event; people are nobody in particular, amounts are 0. */
export function viewSharedEvent(event: SessionEvent, places: Places): SessionEvent {
  const actor = event.actor.kind === 'person' ? { kind: 'person' as const, id: 'owner' } : event.actor
  return { ...event, actor, body: withoutPrivate(event.body, places) as SessionEvent['body'] } // same shape, other values
}

function withoutPrivate(value: unknown, places: Places): unknown {
  if (typeof value === 'string') return withoutPlaces(value, places)
  if (Array.isArray(value)) return value.map((inner) => withoutPrivate(inner, places))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shown(key, inner, places)]))
}

function shown(key: string, inner: unknown, places: Places): unknown {
  if (key.endsWith('Micros')) return inner === null ? null : 0
  if (key === 'ownerId') return 'owner'
  if (key === 'effectHash') return null
  if (key === 'effect') return withoutPrivate(withoutHash(inner as Hashed | null), places)
  return withoutPrivate(inner, places)
}

interface Hashed {
  hash: string
}

/** An approval counts for this hash; who only looks needs none. */
function withoutHash<Effect extends Hashed>(effect: Effect | null): Effect | null {
  return effect && { ...effect, hash: '' }
}

/** Of each place only its last part, wherever it is spoken of. */
function withoutPlaces(text: string, places: Places): string {
  return places.reduce((rest, place) => rest.replaceAll(place, place.split('/').at(-1) ?? ''), text)
}

function isPlace(url: string): boolean {
  return url.startsWith('/') || url.startsWith('file:')
}
