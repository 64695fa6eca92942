// Notion's ids: UUIDs, with or without dashes, and at the end of every link that people copy.

/** The dashed form of an id or of a link to a page or database; null: there is none in the text. */
export function notionIdFrom(text: string): string | null {
  const path = /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text).pathname : text.trim()
  const found = /(?:^|[-/])([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i.exec(path.replace(/\/+$/, ''))
  return found === null ? null : found.slice(1).join('-').toLowerCase()
}

/** An id as a part of a path. Throws for anything else, which would lead to another call. */
export function idInPath(id: string): string {
  if (!/^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(id)) throw new Error(`${id.slice(0, 60)} is not an id of Notion.`)
  return id
}

/** Ids of properties are short, hold any character and come percent-encoded; they go back as they came. */
export function propertyInPath(id: string): string {
  if (!/^[^/?#\s\\]{1,100}$/.test(id) || /^(\.|%2e)+$/i.test(id)) throw new Error(`${id.slice(0, 60)} is not a property's id.`)
  return id
}

/** The same property id may come encoded from one call and plain from another. */
export function isSameProperty(one: string, other: string): boolean {
  return one === other || decoded(one) === decoded(other)
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}
