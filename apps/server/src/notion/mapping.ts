// Which fields and states of a database mean what. Fields are kept by id, so that people can rename them.

import type { NotionDataSource, NotionProperty } from '@slipway/connectors/notion/notion-shapes'
import type { StoredNotionDatabase } from '@slipway/store/notion-databases'
import { z } from 'zod'

export type FieldName = keyof Fields

const fieldSchema = z.object({ id: z.string(), type: z.string() })
export type Field = z.infer<typeof fieldSchema>
const fieldsSchema = z.object({
  title: fieldSchema,
  status: fieldSchema,
  assignee: fieldSchema.nullable().default(null),
  repository: fieldSchema.nullable().default(null),
  changeRequest: fieldSchema.nullable().default(null),
  deployment: fieldSchema.nullable().default(null),
  cost: fieldSchema.nullable().default(null),
  summary: fieldSchema.nullable().default(null),
})
export type Fields = z.infer<typeof fieldsSchema>

export const stateNames = ['ready', 'inProgress', 'inReview', 'blocked', 'done'] as const
export type StateName = (typeof stateNames)[number]
const label = z.string().trim().min(1).max(100)
export const statusesSchema = z.object({
  ready: label.default('Ready'),
  inProgress: label.default('In Progress'),
  inReview: label.default('In Review'),
  blocked: label.default('Blocked'),
  done: label.default('Done'),
})
export type Statuses = z.infer<typeof statusesSchema>

export const defaultsSchema = z.object({
  repository: z.string().nullable().default(null),
  base: z.string().nullable().default(null),
  model: z.string().nullable().default(null),
  autonomy: z.enum(['ask', 'plan', 'auto']).default('plan'),
  checks: z.array(z.string()).default([]),
  budgetUsd: z.number().nullable().default(null),
})
export type Defaults = z.infer<typeof defaultsSchema>

export interface NotionMapping extends Omit<StoredNotionDatabase, 'fields' | 'statuses' | 'defaults'> {
  fields: Fields
  statuses: Statuses
  defaults: Defaults
}

export function mappingOf(stored: StoredNotionDatabase): NotionMapping {
  return {
    ...stored,
    fields: fieldsSchema.parse(stored.fields),
    statuses: statusesSchema.parse(stored.statuses),
    defaults: defaultsSchema.parse(stored.defaults),
  }
}

const hints: Record<Exclude<FieldName, 'title'>, { types: string[]; name: RegExp | null }> = {
  status: { types: ['status', 'select'], name: /status|state|stage/i },
  assignee: { types: ['people'], name: null },
  repository: { types: ['rich_text', 'url', 'select'], name: /\brepo/i },
  changeRequest: { types: ['url', 'rich_text'], name: /change request|pull request|merge request|^(pr|mr)\b/i },
  deployment: { types: ['url', 'rich_text'], name: /deploy|preview/i },
  cost: { types: ['number', 'rich_text'], name: /cost|price|spent/i },
  summary: { types: ['rich_text'], name: /summary|result/i },
}

/** What is likely meant; null where nothing fits. A field of the type `status` is one, whatever it is called. */
export function guessFields({ properties }: Pick<NotionDataSource, 'properties'>): Record<FieldName, Field | null> {
  const title = properties.find(({ type }) => type === 'title') ?? null
  const found = Object.entries(hints).map(([field, { types, name }]) => {
    const fitting = properties.filter((property) => types.includes(property.type) && (name === null || name.test(property.name)))
    const status = field === 'status' ? properties.find(({ type }) => type === 'status') : undefined
    return [field, toField(status ?? fitting[0] ?? null)]
  })
  return { title: toField(title), ...Object.fromEntries(found) } as Record<FieldName, Field | null>
}

/** Whether the field can hold what is written into it. */
export function fits(field: FieldName, property: Pick<NotionProperty, 'type'>): boolean {
  return field === 'title' ? property.type === 'title' : hints[field].types.includes(property.type)
}

/** Everything that the field could hold, by name. */
export function standsFor(property: Pick<NotionProperty, 'type'>): FieldName[] {
  const names: FieldName[] = ['title', ...(Object.keys(hints) as (keyof typeof hints)[])] // of an object literal
  return names.filter((name) => fits(name, property))
}

/** The states that the database has no option for. */
export function missingOptions(status: NotionProperty, statuses: Statuses): string[] {
  const names = new Set((status.options ?? []).map(({ name }) => name))
  return [...new Set(Object.values(statuses))].filter((name) => !names.has(name))
}

/** Fields that can be added to a database which lacks them. */
export const addedFields: Partial<Record<FieldName, { name: string; schema: Record<string, unknown> }>> = {
  changeRequest: { name: 'Change request', schema: { url: {} } },
  deployment: { name: 'Deployment', schema: { url: {} } },
  cost: { name: 'Cost', schema: { number: { format: 'dollar' } } },
  summary: { name: 'Summary', schema: { rich_text: {} } },
}

function toField(property: NotionProperty | null): Field | null {
  return property === null ? null : { id: property.id, type: property.type }
}
