// Connects a database as it is, or makes new ones: fields are found or added, states get their options or are asked for.

import type { NotionClient } from '@slipway/connectors/notion/notion-client'
import type { NotionDataSource, NotionPage, NotionProperty } from '@slipway/connectors/notion/notion-shapes'
import { isSameProperty } from '@slipway/connectors/notion/notion-id'
import { getNotionDatabase, saveNotionDatabase } from '@slipway/store/notion-databases'
import type { Asker } from '../actions/access.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { Runtime } from '../runtime.ts'
import {
  addedFields,
  type Defaults,
  defaultsSchema,
  type Field,
  type FieldName,
  type Fields,
  fits,
  guessFields,
  mappingOf,
  missingOptions,
  type NotionMapping,
  type Statuses,
  statusesSchema,
} from './mapping.ts'
import { notionError, valueOrThrow } from './notion-access.ts'
import { readDatabase } from './read-tasks.ts'

export interface ConnectInput {
  databaseId: string
  /** Property ids; what is left out is found by type and name. null: the field is not used. */
  fields: { [Name in FieldName]?: string | null | undefined }
  statuses: Statuses
  defaults: Defaults
  allowedPeople: string[]
  isQueue: boolean
  /** Whether fields and options that the database lacks may be added to it. */
  addMissing: boolean
}

interface SetUpNeeds {
  runtime: Pick<Runtime, 'store'>
  client: NotionClient
  person: Asker
}

/** Maps an existing database. Throws SlipwayError that names what has to be added by hand. */
export async function connectDatabase(
  { runtime, client, person }: SetUpNeeds,
  input: ConnectInput,
  signal: AbortSignal,
): Promise<NotionMapping> {
  let source = await readDatabase(client, input.databaseId, signal)
  if (input.addMissing) source = await addFields(client, source, input, signal)
  let fields = chooseFields(source, input.fields)
  const missing = missingOptions(statusOf(source, fields), input.statuses)
  if (missing.length > 0) {
    source = await addOptions(client, source, fields, missing, { mayAdd: input.addMissing, signal })
    fields = chooseFields(source, input.fields)
  }
  const mapping: NotionMapping = {
    ownerId: person.ownerId,
    personId: person.id,
    dataSourceId: source.id,
    databaseId: source.databaseId ?? source.id,
    title: source.title,
    fields,
    statuses: input.statuses,
    defaults: input.defaults,
    allowedPeople: input.allowedPeople,
    isQueue: input.isQueue,
    lookedAt: null,
    problem: null,
  }
  await saveNotionDatabase(runtime.store.database.pool, mapping)
  return mapping
}

/** New databases for tasks and routines below a page; that of the tasks is connected at once. */
export async function createDatabases(
  needs: SetUpNeeds,
  input: Omit<ConnectInput, 'databaseId' | 'fields' | 'addMissing'> & { parentPageId: string },
  signal: AbortSignal,
): Promise<{ tasks: NotionMapping; routinesUrl: string }> {
  const { parentPageId, statuses } = input
  const tasks = valueOrThrow(await needs.client.createDatabase({ parentPageId, title: 'Tasks', properties: taskSchema(statuses) }, signal))
  const routines = valueOrThrow(await needs.client.createDatabase({ parentPageId, title: 'Routines', properties: routineSchema }, signal))
  const connected = await connectDatabase(needs, { ...input, databaseId: tasks.id, fields: {}, addMissing: true }, signal)
  return { tasks: connected, routinesUrl: routines.url }
}

function taskSchema(statuses: Statuses): Record<string, Record<string, unknown>> {
  const options = Object.values(statuses).map((name) => ({ name }))
  const added = Object.values(addedFields).map(({ name, schema }) => [name, schema] as const)
  return {
    Name: { title: {} },
    Status: { status: { options } },
    Assignee: { people: {} },
    Repository: { rich_text: {} },
    ...Object.fromEntries(added),
  }
}

const routineSchema = {
  Name: { title: {} },
  Schedule: { rich_text: {} },
  Repository: { rich_text: {} },
  Paused: { checkbox: {} },
  'Last session': { url: {} },
}

function chooseFields(source: NotionDataSource, wanted: ConnectInput['fields']): Fields {
  const fields = guessFields(source)
  for (const [field, id] of Object.entries(wanted) as [FieldName, string | null | undefined][])
    if (id !== undefined) fields[field] = id === null ? null : chosen(source, field, id)
  const { title, status } = fields
  if (title === null || status === null)
    throw new SlipwayError(
      'usage',
      `“${source.title}” has no field that says a task’s status. Add one of the type Status or Select in Notion, then try again.`,
    )
  return { ...fields, title, status }
}

function chosen(source: NotionDataSource, field: FieldName, id: string): Field {
  const property = source.properties.find((each) => isSameProperty(each.id, id) || each.name === id)
  if (property === undefined) throw new SlipwayError('usage', `“${source.title}” has no field ${id.slice(0, 60)}.`)
  if (!fits(field, property))
    throw new SlipwayError('usage', `The field ${property.name} is of the type ${property.type}, which cannot hold the ${field}.`)
  return { id: property.id, type: property.type }
}

async function addFields(
  client: NotionClient,
  source: NotionDataSource,
  { fields: wanted }: ConnectInput,
  signal: AbortSignal,
): Promise<NotionDataSource> {
  const guessed = guessFields(source)
  const names = new Set(source.properties.map(({ name }) => name))
  const missing = Object.entries(addedFields).filter(
    ([field, { name }]) => guessed[field as FieldName] === null && !(field in wanted) && !names.has(name),
  )
  if (missing.length === 0) return source
  const properties = Object.fromEntries(missing.map(([, { name, schema }]) => [name, schema]))
  return valueOrThrow(await client.updateDataSource({ id: source.id, properties }, signal))
}

/** Throws SlipwayError that says what to add by hand. The whole list is sent, because what is left out of it would be deleted. */
export async function addOptions(
  client: NotionClient,
  source: NotionDataSource,
  fields: Fields,
  missing: string[],
  how: { mayAdd: boolean; signal: AbortSignal },
): Promise<NotionDataSource> {
  const status = statusOf(source, fields)
  const ask = `Add ${missing.length === 1 ? 'the option' : 'the options'} ${missing.join(', ')} to the field ${status.name} in Notion, or say which of its options stand for these states, then try again.`
  if (!how.mayAdd) throw new SlipwayError('conflict', `The states of “${source.title}” are not complete. ${ask}`)
  const options = [...(status.options ?? []).map(({ id }) => ({ id })), ...missing.map((name) => ({ name }))]
  const changed = await client.updateDataSource({ id: source.id, properties: { [status.id]: { [status.type]: { options } } } }, how.signal)
  if (!changed.ok && changed.problem !== 'refused') throw notionError(changed)
  const names = changed.ok ? (statusOf(changed.value, fields).options ?? []).map(({ name }) => name) : []
  if (changed.ok && missing.every((name) => names.includes(name))) return changed.value
  throw new SlipwayError('conflict', `Notion does not let options be added to the field ${status.name} from outside. ${ask}`)
}

function statusOf(source: NotionDataSource, fields: Fields): NotionProperty {
  const found = source.properties.find(({ id }) => isSameProperty(id, fields.status.id))
  if (found === undefined) throw new Error('the status field was chosen from this database')
  return found
}

/** The mapping of the page's database; one that nobody connected is connected as it is guessed, and not as a queue. */
export async function mappingForPage(needs: SetUpNeeds, page: NotionPage, signal: AbortSignal): Promise<NotionMapping> {
  const { runtime, person } = needs
  if (page.dataSourceId === null)
    throw new SlipwayError('usage', 'This page stands in no database, so it has no status to write to. Move it into one, then try again.')
  const stored = await getNotionDatabase(runtime.store.as(person.ownerId), { ownerId: person.ownerId, dataSourceId: page.dataSourceId })
  if (stored !== null) return mappingOf(stored)
  const usual = { fields: {}, statuses: statusesSchema.parse({}), defaults: defaultsSchema.parse({}), allowedPeople: [] }
  return connectDatabase(needs, { ...usual, databaseId: page.dataSourceId, isQueue: false, addMissing: false }, signal)
}
