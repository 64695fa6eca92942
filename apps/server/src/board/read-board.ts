// The features and tasks of a repository: from its own list, the person's sessions in it, their plans and their tracker.

import type { RepositoryRef } from '@slipway/core/events'
import type { Repositories } from '@slipway/core/ports'
import type { Queryable } from '@slipway/store/person-store'
import { listCards, type SessionCard } from '@slipway/store/session-cards'
import { viewCard } from '../views/session-card.ts'
import type { SessionRow } from '../contract/session-schemas.ts'
import type { NotionPages } from './notion-pages.ts'
import { FEATURES_PATH, MAX_FEATURES_BYTES, parseFeatures, type Feature } from './parse-features.ts'
import { readTrackerTasks, type TrackerTask } from './tracker-tasks.ts'

const MOST_SESSIONS = 500

export type FeatureStatus = 'todo' | 'doing' | 'done'

export interface BoardFeature extends Omit<Feature, 'status'> {
  status: FeatureStatus
  /** Needs something that is not done. */
  isBlocked: boolean
  sessions: SessionRow[]
}

export interface Board {
  repository: string
  /** The commit that the list was read at; null before any session has fetched the repository. */
  oid: string | null
  features: BoardFeature[]
  /** Sessions that name no feature, newest first. */
  tasks: SessionRow[]
  /** Those without a session yet. */
  trackerTasks: TrackerTask[]
  trackerProblems: string[]
  /** Features that wait for each other in a ring. */
  cycles: string[][]
  problems: string[]
  statistics: { sessions: number; verified: number; failed: number; costMicros: number; medianMs: number | null }
}

export interface BoardInput {
  /** Shows the person's rows only. */
  store: Queryable
  repositories: Pick<Repositories, 'readFile'>
  ownerId: string
  repository: string
  /** The same address for everything that means one repository. */
  addressOf(repository: string): string
  notionPages: NotionPages
}

/** A session belongs to the features that its task names as `[id]` or `feature:id`. */
export async function readBoard(input: BoardInput): Promise<Board> {
  const { store, ownerId, repository } = input
  const cards = await listCards(store, { ownerId, limit: MOST_SESSIONS, repositoryUrl: repository })
  const shownSessions = new Set(cards.map(({ id }) => id))
  const [origin, tasks, tracker] = await Promise.all([
    findOrigin(store, repository),
    readTasks(store, cards),
    readTrackerTasks({ ...input, shownSessions }),
  ])
  const { features, problems } = origin === null ? { features: [], problems: [] } : await readList(input, origin)
  const named = new Map<string, Set<string>>(features.map(({ id }) => [id, new Set()]))
  for (const card of cards) for (const id of namedIn(tasks.get(card.id) ?? '')) named.get(id)?.add(card.id)
  const rows = new Map(cards.map((card) => [card.id, viewCard(card)]))
  const linked = new Set([...named.values()].flatMap((ids) => [...ids]))
  const withSessions = features.map((feature) => {
    const sessions = [...(named.get(feature.id) ?? [])].flatMap((id) => rows.get(id) ?? [])
    return { ...feature, status: feature.status ?? (sessions.length > 0 ? ('doing' as const) : ('todo' as const)), sessions }
  })
  const done = new Set(withSessions.filter(({ status }) => status === 'done').map(({ id }) => id))
  return {
    repository,
    oid: origin?.oid ?? null,
    features: withSessions.map((feature) => ({
      ...feature,
      isBlocked: feature.status !== 'done' && feature.needs.some((need) => !done.has(need)),
    })),
    tasks: [...rows.values()].filter(({ id }) => !linked.has(id)),
    trackerTasks: tracker.tasks,
    trackerProblems: tracker.problems,
    cycles: findCycles(features),
    problems,
    statistics: statisticsOf(cards),
  }
}

interface Origin {
  ref: RepositoryRef
  oid: string
}

/** The newest commit of the repository that a session of the person's has fetched. */
async function findOrigin(store: Queryable, repository: string): Promise<Origin | null> {
  const { rows } = await store.query<{ ref: RepositoryRef; oid: string }>(
    `select c.body -> 'repository' as ref, e.body ->> 'baseOid' as oid from sessions s
     join events e on e.session_id = s.id and e.type = 'repository-prepared'
     join events c on c.session_id = s.id and c.seq = 1
     where s.repository_url = $1 order by e.at desc limit 1`,
    [repository],
  )
  return rows[0] ?? null
}

async function readList({ repositories }: BoardInput, { ref, oid }: Origin): Promise<{ features: Feature[]; problems: string[] }> {
  const text = await repositories.readFile({ repository: ref, oid, path: FEATURES_PATH, maxBytes: MAX_FEATURES_BYTES }).catch(() => null)
  return text === null ? { features: [], problems: [] } : parseFeatures(text)
}

async function readTasks(store: Queryable, cards: readonly SessionCard[]): Promise<Map<string, string>> {
  const { rows } = await store.query<{ id: string; task: string }>(
    `select session_id as id, body -> 'task' ->> 'text' as task from events where seq = 1 and session_id = any($1)`,
    [cards.map(({ id }) => id)],
  )
  return new Map(rows.map(({ id, task }) => [id, task]))
}

function namedIn(task: string): string[] {
  return [...task.matchAll(/\[([a-z0-9][a-z0-9._-]{0,63})\]|\bfeature:([a-z0-9][a-z0-9._-]{0,63})/gi)].map(([, a, b]) => a ?? b ?? '')
}

/** Each ring once, as the ids in it. */
export function findCycles(features: readonly Pick<Feature, 'id' | 'needs'>[]): string[][] {
  const needs = new Map(features.map((feature) => [feature.id, feature.needs]))
  const state = new Map<string, 'open' | 'closed'>()
  const cycles: string[][] = []
  for (const { id } of features) {
    // By hand instead of by recursion: the list comes from outside and may be one long chain.
    const path: { id: string; next: number }[] = state.has(id) ? [] : [{ id, next: 0 }]
    while (path.length > 0) {
      const top = path.at(-1) as { id: string; next: number }
      state.set(top.id, 'open')
      const need = needs.get(top.id)?.[top.next++]
      if (need === undefined) {
        state.set(top.id, 'closed')
        path.pop()
      } else if (state.get(need) === 'open') cycles.push(path.slice(path.findIndex((step) => step.id === need)).map((step) => step.id))
      else if (!state.has(need)) path.push({ id: need, next: 0 })
    }
  }
  return cycles
}

function statisticsOf(cards: readonly SessionCard[]): Board['statistics'] {
  const durations = cards
    .filter(({ status }) => status === 'done')
    .map(({ createdAt, updatedAt }) => Date.parse(updatedAt) - Date.parse(createdAt))
    .sort((a, b) => a - b)
  return {
    sessions: cards.length,
    verified: cards.filter(({ outcome }) => outcome === 'verified' || outcome === 'partly-verified').length,
    failed: cards.filter(({ outcome }) => outcome === 'failed').length,
    costMicros: cards.reduce((sum, { costMicros }) => sum + costMicros, 0),
    medianMs: durations[Math.floor(durations.length / 2)] ?? null,
  }
}
