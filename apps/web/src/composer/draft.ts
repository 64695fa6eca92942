// What is being written before a session starts. It survives a reload, a crash and a refused start.

import type { CreateSessionBody } from '@slipway/server/contract/session-routes'
import { readStored, store } from '../stored/local.ts'

/** Whatever is null is left to the server. */
export interface Draft {
  task: string
  repository: string | null
  /** It is about something that is still to be made, so a plan proposes the repository; `repository` is null then. */
  isNew: boolean
  base: string | null
  model: string | null
  autonomy: 'ask' | 'plan' | 'auto' | null
  sandbox: 'docker' | 'bubblewrap' | null
  budgetUsd: number | null
  /** The page in Notion that the task stands on. */
  notionPage: { id: string; title: string } | null
}

export const emptyDraft: Draft = {
  task: '',
  repository: null,
  isNew: false,
  base: null,
  model: null,
  autonomy: null,
  sandbox: null,
  budgetUsd: null,
  notionPage: null,
}

const KEY = 'draft'
const autonomies = ['ask', 'plan', 'auto'] as const
const sandboxes = ['docker', 'bubblewrap'] as const

export function readDraft(): Draft {
  return { ...emptyDraft, ...parse(readStored(KEY)) }
}

export function storeDraft(draft: Draft): void {
  store(KEY, JSON.stringify(draft))
}

const PARAMETERS = ['task', 'repository', 'branch', 'model', 'mode', 'environment', 'budget'] as const

/** The address without what prefills a draft. */
export function withoutPrefill(address: URL): URL {
  const rest = new URL(address)
  for (const name of PARAMETERS) rest.searchParams.delete(name)
  return rest
}

/** What `?task=…&repository=…|new&branch=…&model=…&mode=ask|plan|auto&environment=…&budget=…` says; the rest is left alone. */
export function prefill(search: URLSearchParams): Partial<Draft> {
  const text = (name: (typeof PARAMETERS)[number]): string | undefined => search.get(name)?.trim() || undefined
  const repository = text('repository')
  return compact({
    task: text('task'),
    ...(repository === 'new' ? { repository: null, isNew: true } : repository === undefined ? {} : { repository, isNew: false }),
    base: text('branch'),
    model: text('model'),
    autonomy: oneOf(text('mode'), autonomies),
    sandbox: oneOf(text('environment'), sandboxes),
    budgetUsd: amount(text('budget')),
  })
}

/** null: something is missing, which `missingIn` names. */
export function requestOf(draft: Draft): CreateSessionBody | null {
  const task = draft.task.trim()
  if (task === '' || draft.repository === null) return null
  return {
    task,
    repository: draft.repository,
    ...(draft.autonomy === null ? {} : { autonomy: draft.autonomy }),
    ...(draft.base === null ? {} : { base: draft.base }),
    ...(draft.model === null ? {} : { model: draft.model }),
    ...(draft.sandbox === null ? {} : { sandbox: draft.sandbox }),
    ...(draft.budgetUsd === null ? {} : { budgetUsd: draft.budgetUsd }),
  }
}

/** A sentence that says what has to be filled in; null when nothing is. */
export function missingIn(draft: Draft): string | null {
  if (draft.task.trim() === '') return 'Write what should be done.'
  if (draft.repository === null) return 'Choose the repository that this is about.'
  return null
}

/** What a browser kept may be old or touched: only what still makes sense is taken. */
function parse(stored: string | null): Partial<Draft> {
  if (stored === null) return {}
  try {
    const kept = JSON.parse(stored) as Record<string, unknown>
    return compact({
      task: typeof kept['task'] === 'string' ? kept['task'] : undefined,
      repository: typeof kept['repository'] === 'string' ? kept['repository'] : undefined,
      isNew: typeof kept['isNew'] === 'boolean' ? kept['isNew'] : undefined,
      base: typeof kept['base'] === 'string' ? kept['base'] : undefined,
      model: typeof kept['model'] === 'string' ? kept['model'] : undefined,
      autonomy: oneOf(kept['autonomy'], autonomies),
      sandbox: oneOf(kept['sandbox'], sandboxes),
      budgetUsd: typeof kept['budgetUsd'] === 'number' ? kept['budgetUsd'] : undefined,
      notionPage: pageOf(kept['notionPage']),
    })
  } catch {
    return {}
  }
}

function pageOf(kept: unknown): Draft['notionPage'] | undefined {
  const { id, title } = (kept ?? {}) as Record<string, unknown>
  return typeof id === 'string' && typeof title === 'string' ? { id, title } : undefined
}

function oneOf<Value extends string>(given: unknown, values: readonly Value[]): Value | undefined {
  return values.find((value) => value === given)
}

function amount(text: string | undefined): number | undefined {
  const value = Number(text)
  return text !== undefined && value > 0 && Number.isFinite(value) ? value : undefined
}

function compact<Fields extends object>(fields: Fields): Partial<{ [K in keyof Fields]: NonNullable<Fields[K]> }> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}
