// The double's objects in Notion's form, held against the types of Notion's own client.

import type {
  BlockObjectResponse,
  CommentObjectResponse,
  DatabaseObjectResponse,
  DataSourceObjectResponse,
  PageObjectResponse,
  RichTextItemResponse,
  UserObjectResponse,
} from '@notionhq/client'
import type { DoubleBlock, DoubleComment, DoublePage, DoubleProperty, DoubleSource, DoubleState, DoubleToken } from './double-state.ts'

const system = { object: 'user' as const, id: '5f0c2e5e-0000-4000-8000-00000000000a' }
const annotations = { bold: false, italic: false, strikethrough: false, underline: false, code: false, color: 'default' as const }

export function richText(text: string): RichTextItemResponse[] {
  if (text === '') return []
  return [{ type: 'text', text: { content: text, link: null }, annotations, plain_text: text, href: null }]
}

type PageProperty = PageObjectResponse['properties'][string]

function pageValue(state: DoubleState, { id, type, options }: DoubleProperty, value: unknown): PageProperty {
  const option = options.find((candidate) => candidate.id === value)
  const selected = option === undefined ? null : { ...option, color: 'default' as const }
  const text = typeof value === 'string' ? value : ''
  switch (type) {
    case 'title':
      return { id, type, title: richText(text) }
    case 'rich_text':
      return { id, type, rich_text: richText(text) }
    case 'number':
      return { id, type, number: typeof value === 'number' ? value : null }
    case 'url':
      return { id, type, url: text === '' ? null : text }
    case 'checkbox':
      return { id, type, checkbox: value === true }
    case 'date':
      return { id, type, date: text === '' ? null : { start: text, end: null, time_zone: null } }
    case 'status':
      return { id, type, status: selected }
    case 'select':
      return { id, type, select: selected }
    case 'people': {
      const people = Array.isArray(value) ? (value as string[]) : []
      return { id, type, people: people.map((person) => personShape(person, state.users.get(person) ?? null)) }
    }
  }
}

function personShape(id: string, name: string | null): UserObjectResponse {
  return { object: 'user', id, name, avatar_url: null, type: 'person', person: {} }
}

export function pageShape(state: DoubleState, page: DoublePage, source: DoubleSource): PageObjectResponse {
  const properties = source.properties.map((property) => [property.name, pageValue(state, property, page.values[property.id])] as const)
  return {
    object: 'page',
    id: page.id,
    created_time: page.createdAt,
    last_edited_time: page.editedAt,
    in_trash: page.isGone,
    archived: page.isGone,
    is_archived: false,
    is_locked: false,
    url: `https://www.notion.so/${page.id.replaceAll('-', '')}`,
    public_url: null,
    parent: { type: 'data_source_id', data_source_id: source.id, database_id: source.databaseId },
    properties: Object.fromEntries(properties),
    icon: null,
    cover: null,
    created_by: system,
    last_edited_by: system,
  }
}

type SchemaProperty = DataSourceObjectResponse['properties'][string]

function schemaProperty({ id, name, type, options }: DoubleProperty): SchemaProperty {
  const base = { id, name, description: null }
  const shown = options.map((option) => ({ ...option, color: 'default' as const, description: null }))
  switch (type) {
    case 'number':
      return { ...base, type, number: { format: 'number' } }
    case 'select':
      return { ...base, type, select: { options: shown } }
    case 'status': {
      const ids = options.map((option) => option.id)
      return { ...base, type, status: { options: shown, groups: [{ id: 'all', name: 'To-do', color: 'gray', option_ids: ids }] } }
    }
    case 'title':
      return { ...base, type, title: {} }
    case 'rich_text':
      return { ...base, type, rich_text: {} }
    case 'url':
      return { ...base, type, url: {} }
    case 'checkbox':
      return { ...base, type, checkbox: {} }
    case 'date':
      return { ...base, type, date: {} }
    case 'people':
      return { ...base, type, people: {} }
  }
}

const home = { type: 'page_id' as const, page_id: '5f0c2e5e-0000-4000-8000-0000000000f0' }

export function sourceShape(source: DoubleSource): DataSourceObjectResponse {
  return {
    object: 'data_source',
    id: source.id,
    title: richText(source.title),
    description: [],
    parent: { type: 'database_id', database_id: source.databaseId },
    database_parent: home,
    is_inline: false,
    in_trash: source.isGone,
    archived: source.isGone,
    created_time: source.createdAt,
    last_edited_time: source.createdAt,
    created_by: system,
    last_edited_by: system,
    properties: Object.fromEntries(source.properties.map((property) => [property.name, schemaProperty(property)])),
    icon: null,
    cover: null,
    url: `https://www.notion.so/${source.databaseId.replaceAll('-', '')}`,
    public_url: null,
  }
}

export function databaseShape(source: DoubleSource): DatabaseObjectResponse {
  return {
    object: 'database',
    id: source.databaseId,
    title: richText(source.title),
    description: [],
    parent: home,
    is_inline: false,
    in_trash: source.isGone,
    archived: source.isGone,
    is_locked: false,
    created_time: source.createdAt,
    last_edited_time: source.createdAt,
    data_sources: [{ id: source.id, name: source.title }],
    icon: null,
    cover: null,
    url: `https://www.notion.so/${source.databaseId.replaceAll('-', '')}`,
    public_url: null,
  }
}

export function blockShape(block: DoubleBlock, page: DoublePage): BlockObjectResponse {
  const common = {
    object: 'block',
    id: block.id,
    parent: { type: 'page_id', page_id: page.id },
    created_time: page.createdAt,
    last_edited_time: page.editedAt,
    created_by: system,
    last_edited_by: system,
    has_children: block.children.length > 0,
    in_trash: false,
    archived: false,
  }
  // The content comes from the test, in the form of its type.
  return { ...common, type: block.type, [block.type]: block.content } as unknown as BlockObjectResponse
}

export function commentShape(comment: DoubleComment): CommentObjectResponse {
  return {
    object: 'comment',
    id: comment.id,
    parent: { type: 'page_id', page_id: comment.pageId },
    discussion_id: comment.id,
    created_time: comment.createdAt,
    last_edited_time: comment.createdAt,
    created_by: { object: 'user', id: comment.authorId },
    rich_text: richText(comment.text),
    display_name: { type: 'user', resolved_name: null },
  }
}

export function selfShape(token: DoubleToken): UserObjectResponse {
  const owner =
    token.ownerUserId === null
      ? ({ type: 'workspace', workspace: true } as const)
      : ({ type: 'user', user: { object: 'user', id: token.ownerUserId } } as const)
  return {
    object: 'user',
    id: token.botId,
    name: 'Slipway',
    avatar_url: null,
    type: 'bot',
    bot: {
      owner,
      workspace_id: 'a7c0de00-0000-4000-8000-000000000000',
      workspace_limits: { max_file_upload_size_in_bytes: 5_242_880 },
      workspace_name: 'Acme',
    },
  }
}
