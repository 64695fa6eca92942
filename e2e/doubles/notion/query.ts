// Filters, order and pages of results.

import { refuse } from './answer.ts'
import type { Body } from './check-body.ts'
import { type DoublePage, type DoubleSource, propertyOf, shownValue } from './double-state.ts'

const mostPerPage = 100

/** One page of a list, in Notion's form. Cursors are opaque, and one that was never given is refused. */
export function paginate<Item extends { id?: unknown }>(items: Item[], kind: string, input: { cursor: unknown; size: unknown }) {
  const size = input.size === undefined || input.size === null ? mostPerPage : Number(input.size)
  if (!Number.isInteger(size) || size < 1 || size > mostPerPage)
    refuse(`body failed validation: body.page_size should be ≤ \`${mostPerPage}\`, instead was \`${String(input.size)}\`.`)
  const start = startOf(input.cursor)
  if (start > items.length) refuse('The start_cursor provided is invalid.')
  const results = items.slice(start, start + size)
  const hasMore = start + size < items.length
  return {
    object: 'list' as const,
    results,
    next_cursor: hasMore ? cursorAt(start + size) : null,
    has_more: hasMore,
    type: kind,
    [kind]: {},
  }
}

const cursorAt = (index: number) => `cursor-${Buffer.from(String(index)).toString('base64url')}`

function startOf(cursor: unknown): number {
  if (cursor === undefined || cursor === null) return 0
  const text = /^cursor-([\w-]+)$/.exec(String(cursor))?.[1]
  const index = Number(Buffer.from(text ?? '', 'base64url').toString() || 'none')
  return Number.isInteger(index) ? index : refuse('The start_cursor provided is invalid.')
}

export function matches(page: DoublePage, source: DoubleSource, filter: unknown): boolean {
  if (filter === undefined) return true
  const { and, or, property: key, ...rest } = filter as Body
  if (Array.isArray(and)) return and.every((part) => matches(page, source, part))
  if (Array.isArray(or)) return or.some((part) => matches(page, source, part))
  const property = typeof key === 'string' ? propertyOf(source, key) : null
  if (property === null) return refuse(`Could not find property with name or id: ${String(key)}`)
  const condition = rest[property.type] as Body | undefined
  if (condition === undefined) return refuse(`database property ${property.type} does not match filter ${Object.keys(rest).join()}`)
  const shown = shownValue(property, page.values[property.id])
  if ('equals' in condition) return shown === String(condition['equals'])
  if ('does_not_equal' in condition) return shown !== String(condition['does_not_equal'])
  return refuse('body failed validation: this double knows equals and does_not_equal only.')
}

export function inOrder(pages: DoublePage[], sorts: unknown): DoublePage[] {
  if (sorts === undefined) return pages
  const [first] = sorts as Body[]
  const field = first?.['timestamp'] === 'created_time' ? 'createdAt' : first?.['timestamp'] === 'last_edited_time' ? 'editedAt' : null
  if (field === null) return refuse('body failed validation: this double sorts by timestamps only.')
  const sign = first?.['direction'] === 'descending' ? -1 : 1
  return pages.toSorted((a, b) => sign * a[field].localeCompare(b[field]))
}
