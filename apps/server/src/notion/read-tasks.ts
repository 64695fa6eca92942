// Databases, tasks and pages of Notion as people are shown them.

import { readAll, type NotionClient } from '@slipway/connectors/notion/notion-client'
import type { NotionDataSource, NotionPage } from '@slipway/connectors/notion/notion-shapes'
import { readPageMarkdown } from '@slipway/connectors/notion/page-markdown'
import { titleOf, valueOf, valueText } from '@slipway/connectors/notion/page-values'
import { SlipwayError } from '../errors/slipway-error.ts'
import { guessFields, type Field } from './mapping.ts'
import { notionError, valueOrThrow } from './notion-access.ts'

interface NotionTaskRow {
  id: string
  title: string
  status: string | null
  assignee: string | null
  url: string
  lastEditedAt: string
}

const mostDatabases = 1_000
const mostTasks = 2_000

export async function readDatabases(
  client: NotionClient,
  signal: AbortSignal,
): Promise<{ databases: NotionDataSource[]; isComplete: boolean }> {
  const found = await readAll((cursor) => client.searchDataSources(cursor, signal), mostDatabases)
  if (!found.ok) throw notionError(found)
  return { databases: found.items.filter(({ isGone }) => !isGone), isComplete: found.isComplete }
}

/** The data source with this id, or the one of the database with this id. Throws when a database has several. */
export async function readDatabase(client: NotionClient, id: string, signal: AbortSignal): Promise<NotionDataSource> {
  const source = await client.getDataSource(id, signal)
  if (source.ok || source.problem !== 'not-found') return valueOrThrow(source)
  const { dataSources } = valueOrThrow(await client.getDatabase(id, signal))
  const [only, ...more] = dataSources
  if (only === undefined || more.length > 0) {
    const names = dataSources.map((each) => `${each.name} (${each.id})`).join(', ')
    throw new SlipwayError('usage', `This database has ${dataSources.length} data sources. Name one of them: ${names}`)
  }
  return valueOrThrow(await client.getDataSource(only.id, signal))
}

export async function readTasks(
  client: NotionClient,
  source: NotionDataSource,
  signal: AbortSignal,
): Promise<{ tasks: NotionTaskRow[]; isComplete: boolean }> {
  const sorts = [{ timestamp: 'last_edited_time', direction: 'descending' }]
  const found = await readAll((cursor) => client.queryDataSource({ id: source.id, sorts, cursor }, signal), mostTasks)
  if (!found.ok) throw notionError(found)
  const fields = guessFields(source)
  return { tasks: found.items.map((page) => toRow(page, fields)), isComplete: found.isComplete }
}

function toRow(page: NotionPage, fields: { status: Field | null; assignee: Field | null }): NotionTaskRow {
  const { id, url, lastEditedAt } = page
  return {
    id,
    title: titleOf(page) || 'Untitled',
    status: textOf(page, fields.status),
    assignee: textOf(page, fields.assignee),
    url,
    lastEditedAt,
  }
}

/** null where the page has no such field or no value in it. */
export function textOf(page: NotionPage, field: Field | null): string | null {
  const value = field === null ? null : valueOf(page, field.id)
  return value === null ? null : valueText(value) || null
}

export async function readTask(client: NotionClient, pageId: string, signal: AbortSignal) {
  const page = valueOrThrow(await client.getPage(pageId, signal))
  const properties = page.properties.map(({ id, name, type }) => ({ id, name, type, options: null }))
  const content = await readPageMarkdown(client, pageId, signal)
  if (!content.ok) throw notionError(content)
  const { markdown, isCut } = content
  return { ...toRow(page, guessFields({ properties })), dataSourceId: page.dataSourceId, isGone: page.isGone, markdown, isCut }
}
