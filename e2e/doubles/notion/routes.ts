// The part of Notion's API that the double answers. Everything else is refused, so a client that needs more fails loudly.

import { randomUUID } from 'node:crypto'
import { type Answer, badAddress, invalid, json, notFound, Refused, refuse, restricted } from './answer.ts'
import { type Body, onlyKeys, readValues, textOf } from './check-body.ts'
import {
  type DoubleBlock,
  type DoublePage,
  type DoubleSource,
  type DoubleState,
  type DoubleToken,
  makeProperty,
  type PropertyType,
  propertyOf,
  shownValue,
  sourceOf,
} from './double-state.ts'
import { inOrder, matches, paginate } from './query.ts'
import { blockShape, commentShape, databaseShape, pageShape, richText, selfShape, sourceShape } from './shapes.ts'

interface RouteRequest {
  method: string
  /** Below `/v1/`. */
  path: string
  query: URLSearchParams
  body: Body
  token: DoubleToken
}

const uuid = '([0-9a-fA-F-]{32,36})'
type Handler = (state: DoubleState, request: RouteRequest, id: string, second: string) => Answer

const table: [method: string, path: RegExp, handler: Handler][] = [
  ['GET', /^users\/me$/, (_state, { token }) => json(200, selfShape(token))],
  ['POST', /^search$/, search],
  ['GET', new RegExp(`^databases/${uuid}$`), (state, request, id) => json(200, databaseShape(database(state, request, id)))],
  ['POST', /^databases$/, createDatabase],
  ['GET', new RegExp(`^data_sources/${uuid}$`), (state, request, id) => json(200, sourceShape(source(state, request, id)))],
  ['PATCH', new RegExp(`^data_sources/${uuid}$`), changeSource],
  ['POST', new RegExp(`^data_sources/${uuid}/query$`), querySource],
  ['POST', /^pages$/, createPage],
  ['GET', new RegExp(`^pages/${uuid}$`), (state, request, id) => shown(state, page(state, request, id))],
  ['PATCH', new RegExp(`^pages/${uuid}$`), changePage],
  ['GET', new RegExp(`^pages/${uuid}/properties/(.+)$`), propertyItems],
  ['GET', new RegExp(`^blocks/${uuid}/children$`), children],
  ['GET', /^comments$/, comments],
  ['POST', /^comments$/, comment],
]

export function answerRoute(state: DoubleState, request: RouteRequest): Answer {
  try {
    for (const [method, path, handler] of table) {
      const found = method === request.method ? path.exec(request.path) : null
      if (found) return handler(state, request, dashed(found[1] ?? ''), found[2] ?? '')
    }
    const wrong = /^(pages|blocks|databases|data_sources)\/([^/]+)/.exec(request.path)
    if (wrong && !/^[0-9a-f-]{32,36}$/i.test(wrong[2] ?? ''))
      return invalid(`path failed validation: path.${wrong[1]}_id should be a valid uuid, instead was \`"${wrong[2]}"\`.`)
    return badAddress()
  } catch (error) {
    if (error instanceof Refused) return error.answer
    throw error
  }
}

function dashed(id: string): string {
  const plain = id.replaceAll('-', '').toLowerCase()
  return plain.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function source(state: DoubleState, { token }: RouteRequest, id: string): DoubleSource {
  const found = sourceOf(state, id)
  if (found === null || token.hidden.has(id)) throw new Refused(notFound('data source', id))
  return found
}

function database(state: DoubleState, { token }: RouteRequest, id: string): DoubleSource {
  const found = state.sources.find(({ databaseId }) => databaseId === id)
  if (found === undefined || token.hidden.has(found.id)) throw new Refused(notFound('database', id))
  return found
}

function page(state: DoubleState, { token }: RouteRequest, id: string): DoublePage {
  const found = state.pages.find((candidate) => candidate.id === id)
  if (found === undefined || token.hidden.has(id) || token.hidden.has(found.sourceId)) throw new Refused(notFound('page', id))
  return found
}

function shown(state: DoubleState, found: DoublePage): Answer {
  const of = sourceOf(state, found.sourceId)
  return of === null ? notFound('page', found.id) : json(200, pageShape(state, found, of))
}

function mayWrite({ token }: RouteRequest): void {
  if (!token.canWrite) throw new Refused(restricted())
}

function search(state: DoubleState, { body, token }: RouteRequest): Answer {
  onlyKeys(body, ['query', 'sort', 'filter', 'start_cursor', 'page_size'])
  const { value } = (body['filter'] ?? {}) as Body
  if (value === 'database')
    refuse('body failed validation: body.filter.value should be `"page"` or `"data_source"`, instead was `"database"`.')
  if (value !== 'data_source') refuse('This double searches for data sources only.')
  const seen = state.sources.filter(({ id, isGone }) => !isGone && !token.hidden.has(id))
  return json(200, paginate(seen.map(sourceShape), 'page_or_data_source', { cursor: body['start_cursor'], size: body['page_size'] }))
}

function createDatabase(state: DoubleState, request: RouteRequest): Answer {
  mayWrite(request)
  const { body } = request
  // As Notion does: fields in the place where older versions had them are dropped without a word.
  onlyKeys(body, ['parent', 'title', 'description', 'is_inline', 'initial_data_source', 'icon', 'cover', 'properties'])
  const parent = body['parent'] as Body | undefined
  if (typeof parent?.['page_id'] !== 'string')
    refuse('body failed validation: body.parent.page_id should be defined, instead was `undefined`.')
  if (request.token.hidden.has(parent['page_id'])) throw new Refused(notFound('page', parent['page_id']))
  const initial = (body['initial_data_source'] ?? {}) as Body
  onlyKeys(initial, ['properties'], 'body.initial_data_source')
  const properties = Object.entries((initial['properties'] ?? {}) as Record<string, Body>).map(([name, sent]) => schemaOf(name, sent))
  if (!properties.some(({ type }) => type === 'title')) properties.push(makeProperty('Name', 'title', []))
  const made: DoubleSource = {
    id: randomUUID(),
    databaseId: randomUUID(),
    title: textOf(body['title'], 'body.title'),
    properties,
    createdAt: state.nowIso(),
    isGone: false,
  }
  state.sources.push(made)
  state.writes.push({ kind: 'create', pageId: made.id, values: { title: made.title } })
  return json(200, databaseShape(made))
}

const types: PropertyType[] = ['title', 'rich_text', 'number', 'url', 'people', 'status', 'select', 'checkbox', 'date']

function schemaOf(name: string, sent: Body) {
  const type = types.find((candidate) => candidate in sent)
  if (type === undefined)
    return refuse(`body failed validation: body.properties.${name}.title should be defined, instead was \`undefined\`.`)
  const options = ((sent[type] as Body)['options'] ?? []) as { name: string }[]
  // Left to itself, Notion gives a status field these three.
  const names = type === 'status' && options.length === 0 ? ['Not started', 'In progress', 'Done'] : options.map((option) => option.name)
  return makeProperty(name, type, names)
}

function changeSource(state: DoubleState, request: RouteRequest, id: string): Answer {
  mayWrite(request)
  const found = source(state, request, id)
  onlyKeys(request.body, ['properties', 'title', 'icon', 'in_trash', 'archived', 'parent'])
  for (const [key, sent] of Object.entries((request.body['properties'] ?? {}) as Record<string, Body | null>)) {
    const property = propertyOf(found, key)
    if (property === null && sent !== null) found.properties.push(schemaOf(key, sent))
    else if (property !== null && sent !== null) changeProperty(state, property, sent)
  }
  state.writes.push({ kind: 'schema', pageId: id, values: {} })
  return json(200, sourceShape(found))
}

/** A list of options replaces the one that was: what is not named is gone. */
function changeProperty(state: DoubleState, property: DoubleSource['properties'][number], sent: Body): void {
  if (typeof sent['name'] === 'string') property.name = sent['name']
  const options = (sent[property.type] as Body | undefined)?.['options'] as { id?: string; name?: string }[] | undefined
  if (options === undefined) return
  if (property.type === 'status' && !state.addsStatusOptions) refuse('Cannot update status property options through the API.')
  property.options = options.map(({ id, name }) => {
    const known = property.options.find((option) => option.id === id || option.name === name)
    return known ?? { id: randomUUID().slice(0, 8), name: name ?? '' }
  })
}

function querySource(state: DoubleState, request: RouteRequest, id: string): Answer {
  const found = source(state, request, id)
  const { body } = request
  onlyKeys(body, ['filter', 'sorts', 'start_cursor', 'page_size', 'in_trash', 'archived', 'result_type'])
  const hits = state.pages.filter(
    (candidate) => candidate.sourceId === id && !candidate.isGone && matches(candidate, found, body['filter']),
  )
  const results = inOrder(hits, body['sorts']).map((hit) => pageShape(state, hit, found))
  return json(200, paginate(results, 'page_or_data_source', { cursor: body['start_cursor'], size: body['page_size'] }))
}

function createPage(state: DoubleState, request: RouteRequest): Answer {
  mayWrite(request)
  const { body } = request
  onlyKeys(body, ['parent', 'properties', 'children', 'icon', 'cover'])
  const parent = (body['parent'] ?? {}) as Body
  if (typeof parent['data_source_id'] !== 'string')
    refuse('body failed validation: body.parent.data_source_id should be defined, instead was `undefined`.')
  const found = source(state, request, parent['data_source_id'])
  const now = state.nowIso()
  const made = {
    id: randomUUID(),
    sourceId: found.id,
    values: readValues(found, body['properties']),
    blocks: readChildren(body['children']),
    isGone: false,
    createdAt: now,
    editedAt: now,
  }
  state.pages.push(made)
  record(state, 'create', made, found, made.values)
  return shown(state, made)
}

/** Paragraphs are what is sent; Notion answers with the plain text beside. */
function readChildren(sent: unknown): DoubleBlock[] {
  if (sent === undefined) return []
  if (!Array.isArray(sent)) return refuse('body failed validation: body.children should be an array.')
  if (sent.length > 100) refuse(`body failed validation: body.children.length should be ≤ \`100\`, instead was \`${sent.length}\`.`)
  return sent.map((block: Body, index) => {
    const paragraph = block['paragraph'] as Body | undefined
    if (paragraph === undefined)
      return refuse(`body failed validation: body.children[${index}].paragraph should be defined, instead was \`undefined\`.`)
    const text = textOf(paragraph['rich_text'], `body.children[${index}].paragraph.rich_text`)
    const content = { rich_text: [{ type: 'text', plain_text: text, href: null }], color: 'default' }
    return { id: randomUUID(), type: 'paragraph', content, children: [] }
  })
}

function changePage(state: DoubleState, request: RouteRequest, id: string): Answer {
  mayWrite(request)
  const found = page(state, request, id)
  const { body } = request
  onlyKeys(body, ['properties', 'icon', 'cover', 'is_locked', 'archived', 'in_trash', 'template', 'erase_content'])
  const inTrash = body['in_trash'] ?? body['archived']
  if (found.isGone && inTrash !== false) refuse("Can't edit block that is archived. You must unarchive the block before editing.")
  const of = source(state, request, found.sourceId)
  const values = readValues(of, body['properties'])
  Object.assign(found.values, values)
  if (typeof inTrash === 'boolean') found.isGone = inTrash
  found.editedAt = state.nowIso()
  record(state, 'update', found, of, values)
  return shown(state, found)
}

function record(state: DoubleState, kind: 'update' | 'create', { id }: DoublePage, of: DoubleSource, values: Body): void {
  const named = of.properties
    .filter((property) => property.id in values)
    .map((property) => [property.name, shownValue(property, values[property.id])])
  state.writes.push({ kind, pageId: id, values: Object.fromEntries(named) })
}

function propertyItems(state: DoubleState, request: RouteRequest, id: string, propertyId: string): Answer {
  const found = page(state, request, id)
  const property = propertyOf(source(state, request, found.sourceId), propertyId)
  if (property === null) return notFound('property', propertyId)
  const value = found.values[property.id]
  const base = { object: 'property_item', id: property.id, type: property.type }
  const paged = (items: Body[]) =>
    json(200, {
      ...paginate(items, 'property_item', { cursor: request.query.get('start_cursor'), size: request.query.get('page_size') }),
      property_item: { id: property.id, type: property.type, [property.type]: {}, next_url: null },
    })
  if (property.type === 'title' || property.type === 'rich_text')
    return paged(richText(String(value ?? '')).map((text) => ({ ...base, [property.type]: text })))
  if (property.type === 'people')
    return paged(
      ((value as string[] | undefined) ?? []).map((person) => ({
        ...base,
        people: { object: 'user', id: person, name: state.users.get(person) ?? null },
      })),
    )
  const shownOption = property.options.find((option) => option.id === value)
  return json(200, { ...base, [property.type]: property.options.length > 0 ? (shownOption ?? null) : (value ?? null) })
}

function children(state: DoubleState, request: RouteRequest, id: string): Answer {
  const { token, query } = request
  for (const candidate of state.pages) {
    const blocks = candidate.id === id ? candidate.blocks : findBlock(candidate.blocks, id)?.children
    if (blocks === undefined || token.hidden.has(candidate.id) || token.hidden.has(candidate.sourceId)) continue
    const results = blocks.map((block) => blockShape(block, candidate))
    return json(200, paginate(results, 'block', { cursor: query.get('start_cursor'), size: query.get('page_size') ?? undefined }))
  }
  return notFound('block', id)
}

function findBlock(blocks: DoubleBlock[], id: string): DoubleBlock | null {
  for (const block of blocks) {
    const found = block.id === id ? block : findBlock(block.children, id)
    if (found !== null) return found
  }
  return null
}

function comments(state: DoubleState, request: RouteRequest): Answer {
  const { token, query } = request
  if (!token.canComment) return restricted()
  const { id } = page(state, request, dashed(query.get('block_id') ?? ''))
  const found = state.comments.filter(({ pageId }) => pageId === id).map(commentShape)
  return json(200, paginate(found, 'comment', { cursor: query.get('start_cursor'), size: query.get('page_size') ?? undefined }))
}

function comment(state: DoubleState, request: RouteRequest): Answer {
  const { token, body } = request
  if (!token.canComment) return restricted()
  onlyKeys(body, ['parent', 'discussion_id', 'rich_text', 'markdown', 'attachments', 'display_name'])
  const parent = body['parent'] as Body | undefined
  if (typeof parent?.['page_id'] !== 'string')
    return refuse('body failed validation: body.parent.page_id should be defined, instead was `undefined`.')
  const found = page(state, request, dashed(parent['page_id']))
  if (found.isGone) refuse("Can't edit block that is archived. You must unarchive the block before editing.")
  const text = textOf(body['rich_text'], 'body.rich_text')
  if (text === '') refuse('body failed validation: body.rich_text.length should be ≥ `1`, instead was `0`.')
  const made = { id: randomUUID(), pageId: found.id, authorId: token.botId, text, createdAt: state.nowIso() }
  state.comments.push(made)
  state.writes.push({ kind: 'comment', pageId: found.id, values: { text } })
  return json(200, commentShape(made))
}
