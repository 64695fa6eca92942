/**
 * Lower-case ASCII words joined by single hyphens, at most `max` characters, cut between words where possible.
 * Safe as a part of a git ref, a file name and a URL; empty when the text has no letter or digit that can be written so.
 */
export function slug(text: string, max: number): string {
  const words = text
    .slice(0, 10_000)
    .replace(/ß/g, 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]/g, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  let joined = ''
  for (const word of words) {
    const longer = joined === '' ? word.slice(0, max) : `${joined}-${word}`
    if (longer.length > max) break
    joined = longer
  }
  return joined
}

/** The first sentence or line of a task, at most `max` characters, without markup, as a title. */
export function title(text: string, max: number): string {
  const firstLine =
    text
      .split('\n', 200)
      .map(bare)
      .find((line) => line !== '') ?? ''
  const sentence = /^.{12,}?[.!?](?=\s|$)/u.exec(firstLine)?.[0] ?? firstLine
  return shorten(sentence.replace(/[.:;,]+$/, ''), max)
}

// Markdown and list marks at the start, emphasis and code marks anywhere, control characters and runs of white space.
function bare(line: string): string {
  return line
    .slice(0, 2_000)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replace(/^[\s#>*+-]+/, '')
    .replace(/^\d+[.)] /, '')
    .replace(/[*_]{2,}|`+/g, '')
    .trim()
}

function shorten(text: string, max: number): string {
  if (text.length <= max) return text
  const room = text.slice(0, Math.max(0, max - 1)).replace(/[\ud800-\udbff]$/, '')
  const space = room.lastIndexOf(' ')
  return `${(space > max / 2 ? room.slice(0, space) : room).trimEnd()}…`
}
