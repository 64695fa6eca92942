// Values of a page's fields: as text for reading, and in Notion's form for writing.

import * as z from 'zod'
import { isSameProperty } from './notion-id.ts'
import { type NotionPage, type NotionProperty, plainText, richTextShape } from './notion-shapes.ts'
import { toRichText } from './rich-text.ts'

type Value = NotionPage['properties'][number]

/** The field with this id, whatever it is called now. */
export function valueOf(page: NotionPage, propertyId: string): Value | null {
  return page.properties.find(({ id }) => isSameProperty(id, propertyId)) ?? null
}

export function titleOf(page: NotionPage): string {
  const title = page.properties.find(({ type }) => type === 'title')
  return title === undefined ? '' : valueText(title)
}

const named = z.object({ name: z.string().nullish().catch(null) })

/** One line of text; empty for what has no value or cannot be told in a line. */
export function valueText(value: Value): string {
  const content = value[value.type]
  if (content === null || content === undefined) return ''
  switch (value.type) {
    case 'title':
    case 'rich_text':
      return plainText(richTextShape.catch([]).parse(content))
    case 'status':
    case 'select':
      return named.catch({ name: '' }).parse(content).name ?? ''
    case 'multi_select':
    case 'people':
      return z
        .array(named)
        .catch([])
        .parse(content)
        .map(({ name }) => name ?? 'somebody')
        .join(', ')
    case 'number':
    case 'url':
    case 'email':
    case 'phone_number':
    case 'checkbox':
      return String(content)
    case 'date':
      return z.object({ start: z.string() }).catch({ start: '' }).parse(content).start
    default:
      return ''
  }
}

/** The text in the form of the field's type; null: no text can be written into such a field. */
export function textAsValue(property: Pick<NotionProperty, 'type'>, text: string): Record<string, unknown> | null {
  switch (property.type) {
    case 'rich_text':
      return { rich_text: toRichText(text) }
    case 'title':
      return { title: toRichText(text) }
    case 'url':
      return { url: text === '' ? null : text.slice(0, 2_000) }
    case 'status':
      return { status: { name: text } }
    case 'select':
      return { select: { name: text } }
    case 'number': {
      const number = Number(text)
      return Number.isFinite(number) && text.trim() !== '' ? { number } : null
    }
    default:
      return null
  }
}
