// What the double knows: tokens, databases with their data sources, pages, blocks and comments.

import { randomUUID } from 'node:crypto'

export interface DoubleToken {
  token: string
  /** The person who connected; null for an integration of the workspace. */
  ownerUserId: string | null
  /** Capabilities of the integration. */
  canWrite: boolean
  canComment: boolean
  /** Ids of databases and pages that this token does not see. */
  hidden: Set<string>
  botId: string
}

export type PropertyType = 'title' | 'rich_text' | 'number' | 'url' | 'people' | 'status' | 'select' | 'checkbox' | 'date'

interface DoubleOption {
  id: string
  name: string
}

export interface DoubleProperty {
  /** As Notion sends it: short, percent-encoded. */
  id: string
  name: string
  type: PropertyType
  options: DoubleOption[]
}

export interface DoubleSource {
  id: string
  databaseId: string
  title: string
  properties: DoubleProperty[]
  createdAt: string
  isGone: boolean
}

export interface DoubleBlock {
  id: string
  type: string
  content: Record<string, unknown>
  children: DoubleBlock[]
}

export interface DoublePage {
  id: string
  sourceId: string
  /** By property id: text, an option's id, a number, or people's ids. */
  values: Record<string, unknown>
  blocks: DoubleBlock[]
  isGone: boolean
  createdAt: string
  editedAt: string
}

export interface DoubleComment {
  id: string
  pageId: string
  authorId: string
  text: string
  createdAt: string
}

/** A write that took place; what tests count. */
export interface DoubleWrite {
  kind: 'comment' | 'update' | 'create' | 'schema'
  pageId: string
  /** By present name of the property. */
  values: Record<string, string>
}

export interface DoubleState {
  tokens: DoubleToken[]
  users: Map<string, string>
  sources: DoubleSource[]
  pages: DoublePage[]
  comments: DoubleComment[]
  writes: DoubleWrite[]
  /** Whether options of status fields can be added by the API, as newer servers allow. */
  addsStatusOptions: boolean
  nowIso(): string
}

export function createState(addsStatusOptions: boolean): DoubleState {
  // Notion's times have whole minutes; those of comments and edits keep their order here by full milliseconds.
  let lastMs = 0
  return {
    tokens: [],
    users: new Map(),
    sources: [],
    pages: [],
    comments: [],
    writes: [],
    addsStatusOptions,
    nowIso: () => new Date((lastMs = Math.max(Date.now(), lastMs + 1))).toISOString(),
  }
}

export function sourceOf(state: DoubleState, id: string): DoubleSource | null {
  return state.sources.find((source) => source.id === id) ?? null
}

export function propertyOf(source: DoubleSource, idOrName: string): DoubleProperty | null {
  const isId = (id: string) => id === idOrName || decodeURIComponent(id) === idOrName
  return source.properties.find(({ id, name }) => isId(id) || name === idOrName) ?? null
}

/** Ids look like Notion's: percent-encoded, except the title's. */
export function makeProperty(name: string, type: PropertyType, options: string[]): DoubleProperty {
  const id = type === 'title' ? 'title' : encodeURIComponent(`${randomUUID().slice(0, 3)};}`)
  return { id, name, type, options: options.map((option) => ({ id: randomUUID().slice(0, 8), name: option })) }
}

/** A value as the text that people see. */
export function shownValue({ type, options }: DoubleProperty, value: unknown): string {
  if (value === null || value === undefined) return ''
  if (type === 'status' || type === 'select') return options.find(({ id }) => id === value)?.name ?? ''
  return Array.isArray(value) ? value.join(', ') : String(value)
}
