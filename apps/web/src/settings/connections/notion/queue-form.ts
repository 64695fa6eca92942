// What a person says about a database of Notion, as the form holds it and as the server takes it.

import type { connectNotionDatabase } from '@slipway/server/contract/notion-routes'
import type { z } from 'zod'
import type { Database, Queue } from './use-queues.ts'

export type Body = z.input<NonNullable<(typeof connectNotionDatabase)['body']>>

export const FIELDS = {
  status: 'Status',
  assignee: 'Assignee',
  repository: 'Repository',
  changeRequest: 'Change request',
  deployment: 'Deployment',
  cost: 'Cost',
  summary: 'Summary',
} as const
export type FieldName = keyof typeof FIELDS
export const fieldNames = Object.keys(FIELDS) as FieldName[] // of an object literal

export const STATES = { ready: 'Ready', inProgress: 'In Progress', inReview: 'In Review', blocked: 'Blocked', done: 'Done' } as const
export type StateName = keyof typeof STATES
export const stateNames = Object.keys(STATES) as StateName[] // of an object literal

type AutonomyChoice = 'ask' | 'plan' | 'auto'

export interface QueueForm {
  databaseId: string
  repository: string
  autonomy: AutonomyChoice
  /** Property ids; '': found by type and name, `none`: not used. */
  fields: Record<FieldName, string>
  states: Record<StateName, string>
  addsMissing: boolean
  isQueue: boolean
}

export const NOT_USED = 'none'

/** Of a database that is connected already, or of one to be chosen. */
export function formOf(queue: Queue | null): QueueForm {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  const autonomy = queue?.defaults['autonomy']
  return {
    databaseId: queue?.dataSourceId ?? '',
    repository: text(queue?.defaults['repository']),
    autonomy: autonomy === 'ask' || autonomy === 'auto' ? autonomy : 'plan',
    fields: each(fieldNames, (name) => (queue === null ? '' : (queue.fields[name]?.id ?? NOT_USED))),
    states: each(stateNames, (name) => queue?.statuses[name] ?? STATES[name]),
    addsMissing: queue === null,
    isQueue: queue?.isQueue ?? true,
  }
}

/** What the server is asked for; what the form does not show stays as it was. */
export function bodyOf(form: QueueForm, queue: Queue | null): Body {
  const { databaseId, repository, autonomy, fields, states, addsMissing, isQueue } = form
  const chosen = fieldNames.filter((name) => fields[name] !== '').map((name) => [name, fields[name] === NOT_USED ? null : fields[name]])
  const { repository: _, autonomy: __, ...kept } = withoutNothing(queue?.defaults ?? {})
  return {
    databaseId,
    fields: Object.fromEntries(chosen),
    statuses: states,
    defaults: { ...kept, autonomy, ...(repository.trim() === '' ? {} : { repository: repository.trim() }) },
    allowedPeople: queue?.allowedPeople ?? [],
    isQueue,
    addMissing: addsMissing,
  }
}

/** The fields of the database that can hold this. */
export function choicesFor(database: Database | undefined, name: FieldName): Database['properties'] {
  return (database?.properties ?? []).filter(({ fits }) => fits.includes(name))
}

function each<Name extends string, Value>(names: Name[], value: (name: Name) => Value): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, Value> // every name is in the list
}

function withoutNothing(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}
