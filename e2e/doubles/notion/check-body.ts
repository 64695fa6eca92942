// Notion refuses what it does not know and what is too long; so does the double.

import { type DoubleProperty, propertyOf, type DoubleSource } from './double-state.ts'
import { refuse } from './answer.ts'

export type Body = Record<string, unknown>

const longestText = 2_000
const mostItems = 100

export function onlyKeys(body: Body, allowed: string[], at = 'body'): void {
  for (const key of Object.keys(body))
    if (!allowed.includes(key))
      refuse(`body failed validation: ${at}.${key} should be not present, instead was \`${JSON.stringify(body[key])?.slice(0, 80)}\`.`)
}

/** The text of a rich text array as it is sent. */
export function textOf(value: unknown, at: string): string {
  if (!Array.isArray(value)) return refuse(`body failed validation: ${at} should be an array, instead was \`${JSON.stringify(value)}\`.`)
  if (value.length > mostItems)
    refuse(`body failed validation: ${at}.length should be ≤ \`${mostItems}\`, instead was \`${value.length}\`.`)
  return value
    .map((item: Body, index) => {
      const content = (item['text'] as Body | undefined)?.['content']
      if (typeof content !== 'string') return refuse(`body failed validation: ${at}[${index}].text should be defined.`)
      if (content.length > longestText)
        refuse(
          `body failed validation: ${at}[${index}].text.content.length should be ≤ \`${longestText}\`, instead was \`${content.length}\`.`,
        )
      return content
    })
    .join('')
}

/** Page values by property id. An option of a select that does not exist is made, one of a status is refused. */
export function readValues(source: DoubleSource, sent: unknown): Body {
  if (sent === undefined) return {}
  const values: Body = {}
  for (const [key, value] of Object.entries(sent as Body)) {
    const property = propertyOf(source, key)
    if (property === null) return refuse(`${key} is not a property that exists.`)
    values[property.id] = readValue(property, value as Body, key)
  }
  return values
}

function readValue(property: DoubleProperty, sent: Body, key: string): unknown {
  const { type } = property
  const value = sent[type]
  if (value === undefined) return refuse(`${key} is expected to be ${type}.`)
  onlyKeys(sent, [type, 'type'], `body.properties.${key}`)
  switch (type) {
    case 'title':
    case 'rich_text':
      return textOf(value, `body.properties.${key}.${type}`)
    case 'status':
    case 'select':
      return value === null ? null : optionId(property, value as Body)
    case 'number':
      if (value !== null && typeof value !== 'number') refuse(`body.properties.${key}.number should be a number or null.`)
      return value
    case 'people':
      return (value as Body[]).map(({ id }) => id)
    case 'url':
    case 'date':
    case 'checkbox':
      return value
  }
}

function optionId(property: DoubleProperty, { id, name }: Body): string {
  const found = property.options.find((option) => option.id === id || option.name === name)
  if (found) return found.id
  if (property.type === 'status' || typeof name !== 'string')
    return refuse(`Invalid status option. Status option "${String(name ?? id)}" does not exist".`)
  if (name.includes(',')) return refuse('Invalid select option, commas not allowed: ' + name)
  const made = { id: `made-${property.options.length}`, name }
  property.options.push(made)
  return made.id
}
