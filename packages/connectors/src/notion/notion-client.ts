// Notion's API as the few typed calls that Slipway makes.

import { idInPath, propertyInPath } from './notion-id.ts'
import type { NotionFailure, NotionResult } from './notion-failure.ts'
import {
  blockShape,
  commentShape,
  databaseShape,
  dataSourceShape,
  listOf,
  type NotionBlock,
  type NotionComment,
  type NotionDatabase,
  type NotionDataSource,
  type NotionPage,
  type NotionSelf,
  pageShape,
  propertyItemShape,
  selfShape,
} from './notion-shapes.ts'
import { type NotionAccess, openNotionTransport } from './notion-transport.ts'
import { toRichText } from './rich-text.ts'

export interface NotionList<Item> {
  results: Item[]
  nextCursor: string | null
  isComplete: boolean
}

type Fields = Record<string, unknown>

export interface NotionClient {
  self(signal: AbortSignal): Promise<NotionResult<NotionSelf>>
  /** Those that are shared with the integration. New ones may be missing for a while. */
  searchDataSources(cursor: string | null, signal: AbortSignal): Promise<NotionResult<NotionList<NotionDataSource>>>
  getDatabase(id: string, signal: AbortSignal): Promise<NotionResult<NotionDatabase>>
  getDataSource(id: string, signal: AbortSignal): Promise<NotionResult<NotionDataSource>>
  queryDataSource(
    input: { id: string; filter?: Fields; sorts?: Fields[]; cursor: string | null },
    signal: AbortSignal,
  ): Promise<NotionResult<NotionList<NotionPage>>>
  getPage(id: string, signal: AbortSignal): Promise<NotionResult<NotionPage>>
  /** Items of a value that is too long for the page's own answer. */
  getPropertyItems(
    input: { pageId: string; propertyId: string; cursor: string | null },
    signal: AbortSignal,
  ): Promise<NotionResult<NotionList<Fields>>>
  listChildren(id: string, cursor: string | null, signal: AbortSignal): Promise<NotionResult<NotionList<NotionBlock>>>
  /** Open discussions of the page itself, oldest first. */
  listComments(pageId: string, cursor: string | null, signal: AbortSignal): Promise<NotionResult<NotionList<NotionComment>>>
  createComment(input: { pageId: string; text: string }, signal: AbortSignal): Promise<NotionResult<NotionComment>>
  createDatabase(
    input: { parentPageId: string; title: string; properties: Record<string, Fields> },
    signal: AbortSignal,
  ): Promise<NotionResult<NotionDatabase>>
  updateDataSource(input: { id: string; properties: Record<string, Fields> }, signal: AbortSignal): Promise<NotionResult<NotionDataSource>>
  createPage(
    input: { dataSourceId: string; properties: Fields; children?: Fields[] },
    signal: AbortSignal,
  ): Promise<NotionResult<NotionPage>>
  /** `properties` by id or name. */
  updatePage(input: { id: string; properties?: Fields; inTrash?: boolean }, signal: AbortSignal): Promise<NotionResult<NotionPage>>
}

const pageSize = 100

/** Every write is made once; the caller looks before it repeats one whose answer was lost. */
export function createNotionClient(access: NotionAccess): NotionClient {
  const send = openNotionTransport(access)
  const read = { method: 'GET', changes: false } as const
  const ask = { method: 'POST', changes: false } as const
  const paged = (cursor: string | null) => ({ page_size: pageSize, ...(cursor === null ? {} : { start_cursor: cursor }) })
  return {
    self: (signal) => send({ ...read, doing: 'Asking Notion whose token this is', path: 'users/me', shape: selfShape, signal }),

    searchDataSources: (cursor, signal) =>
      send({
        ...ask,
        doing: 'Listing the databases of Notion',
        path: 'search',
        body: { filter: { property: 'object', value: 'data_source' }, ...paged(cursor) },
        shape: listOf(dataSourceShape),
        signal,
      }),

    getDatabase: (id, signal) =>
      send({ ...read, doing: 'Reading the database', path: `databases/${idInPath(id)}`, shape: databaseShape, signal }),

    getDataSource: (id, signal) =>
      send({ ...read, doing: 'Reading the database’s fields', path: `data_sources/${idInPath(id)}`, shape: dataSourceShape, signal }),

    queryDataSource: ({ id, filter, sorts, cursor }, signal) =>
      send({
        ...ask,
        doing: 'Listing the tasks of the database',
        path: `data_sources/${idInPath(id)}/query`,
        body: { ...(filter && { filter }), ...(sorts && { sorts }), result_type: 'page', ...paged(cursor) },
        shape: listOf(pageShape),
        signal,
      }),

    getPage: (id, signal) => send({ ...read, doing: 'Reading the page', path: `pages/${idInPath(id)}`, shape: pageShape, signal }),

    async getPropertyItems({ pageId, propertyId, cursor }, signal) {
      const path = `pages/${idInPath(pageId)}/properties/${propertyInPath(propertyId)}`
      const result = await send({
        ...read,
        doing: 'Reading a field of the page',
        path,
        query: paged(cursor),
        shape: propertyItemShape,
        signal,
      })
      if (!result.ok) return result
      if (!('results' in result.value)) return { ok: true, value: { results: [result.value], nextCursor: null, isComplete: true } }
      const {
        results,
        has_more: hasMore,
        next_cursor: next,
      } = result.value as { results: Fields[]; has_more: boolean; next_cursor: string | null }
      return { ok: true, value: { results, nextCursor: hasMore ? next : null, isComplete: true } }
    },

    listChildren: (id, cursor, signal) =>
      send({
        ...read,
        doing: 'Reading the page’s content',
        path: `blocks/${idInPath(id)}/children`,
        query: paged(cursor),
        shape: listOf(blockShape),
        signal,
      }),

    listComments: (pageId, cursor, signal) =>
      send({
        ...read,
        doing: 'Reading the page’s comments',
        path: 'comments',
        query: { block_id: idInPath(pageId), ...paged(cursor) },
        shape: listOf(commentShape),
        signal,
      }),

    createComment: ({ pageId, text }, signal) =>
      send({
        doing: 'Commenting on the page',
        method: 'POST',
        path: 'comments',
        body: { parent: { page_id: idInPath(pageId) }, rich_text: toRichText(text) },
        shape: commentShape,
        changes: true,
        signal,
      }),

    createDatabase: ({ parentPageId, title, properties }, signal) =>
      send({
        doing: `Creating the database ${title}`,
        method: 'POST',
        path: 'databases',
        // Fields beside `initial_data_source` would be dropped without a word.
        body: {
          parent: { type: 'page_id', page_id: idInPath(parentPageId) },
          title: toRichText(title),
          initial_data_source: { properties },
        },
        shape: databaseShape,
        changes: true,
        signal,
      }),

    updateDataSource: ({ id, properties }, signal) =>
      send({
        doing: 'Changing the database’s fields',
        method: 'PATCH',
        path: `data_sources/${idInPath(id)}`,
        body: { properties },
        shape: dataSourceShape,
        changes: true,
        signal,
      }),

    createPage: ({ dataSourceId, properties, children }, signal) =>
      send({
        doing: 'Creating the page',
        method: 'POST',
        path: 'pages',
        body: { parent: { type: 'data_source_id', data_source_id: idInPath(dataSourceId) }, properties, ...(children && { children }) },
        shape: pageShape,
        changes: true,
        signal,
      }),

    updatePage: ({ id, properties, inTrash }, signal) =>
      send({
        doing: 'Changing the page',
        method: 'PATCH',
        path: `pages/${idInPath(id)}`,
        body: { ...(properties && { properties }), ...(inTrash === undefined ? {} : { in_trash: inTrash }) },
        shape: pageShape,
        changes: true,
        signal,
      }),
  }
}

/** Every item behind a cursor, at most `limit`; `isComplete` is false when there are more. */
export async function readAll<Item>(
  readNext: (cursor: string | null) => Promise<NotionResult<NotionList<Item>>>,
  limit: number,
): Promise<{ ok: true; items: Item[]; isComplete: boolean } | NotionFailure> {
  const items: Item[] = []
  let cursor: string | null = null
  for (;;) {
    const next = await readNext(cursor)
    if (!next.ok) return next
    items.push(...next.value.results)
    const hasRoom = items.length < limit
    // A cursor that leads back to itself would never end.
    if (next.value.nextCursor === null || next.value.nextCursor === cursor || !hasRoom) {
      const isComplete = next.value.nextCursor === null && next.value.isComplete && items.length <= limit
      return { ok: true, items: items.slice(0, limit), isComplete }
    }
    cursor = next.value.nextCursor
  }
}
