// Untrusted text as Markdown that cannot do more than be read: no images, links, HTML, mentions, issue references or open fences.
// Forges look for mentions and references in the rendered text, so escaping is not enough there; a zero-width space breaks them.
// Code is left as it is: forges do not look into it.

const zeroWidthSpace = '\u200b'

/** A block of limited Markdown: paragraphs, lists, headings, bold, code. Everything else shows as the characters it is. */
export function safeBlock(text: string, maxLength: number): string {
  const lines = cut(visible(text), maxLength).split('\n')
  const blocks: string[] = []
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const opening = /^\s*(`{3,}|~{3,})\s*([\w+-]*)/.exec(line)
    if (!opening) {
      blocks.push(safeBlockLine(line))
      continue
    }
    const end = closingFence(lines, index + 1, opening[1] ?? '```')
    blocks.push(fence(lines.slice(index + 1, end).join('\n'), opening[2] ?? ''))
    index = end
  }
  return blocks
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** One line of text; line breaks become spaces. */
export function safeLine(text: string, maxLength: number): string {
  return safeInline(cut(oneLine(text), maxLength))
}

/** A code span that ends where it should, also inside a table. */
export function inlineCode(text: string, maxLength = 1000): string {
  const content = cut(oneLine(text), maxLength).replaceAll('|', '\\|')
  if (content === '') return '` `'
  const ticks = '`'.repeat(longestRun(content, '`') + 1)
  const space = content.startsWith('`') || content.endsWith('`') ? ' ' : ''
  return ticks + space + content + space + ticks
}

/** A fenced block that no content can close. */
export function fence(text: string, language = ''): string {
  const ticks = '`'.repeat(Math.max(3, longestRun(text, '`') + 1))
  return `${ticks}${language}\n${visible(text)}\n${ticks}`
}

/** Without control characters and characters that hide or reorder text. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{C}\n\t]/gu, '')
}

export function oneLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ').trim()
}

/** Shortened with an ellipsis; surrogate pairs stay whole. */
export function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  return `${text.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

function safeBlockLine(line: string): string {
  const heading = /^\s{0,3}#{1,6}\s+(.*)$/.exec(line)
  if (heading) return `#### ${safeInline((heading[1] ?? '').trim())}`
  const item = /^(\s*)(?:[-*+]|(\d{1,3})[.)])\s+(.*)$/.exec(line)
  if (!item) return escapeLineStart(safeInline(line.trim()))
  const [, indent = '', number, content = ''] = item
  const depth = Math.min(Math.floor(indent.replaceAll('\t', '  ').length / 2), 3)
  return `${'  '.repeat(depth)}${number === undefined ? '-' : `${number}.`} ${escapeLineStart(safeInline(content))}`
}

/** What would start a list, a heading, a rule or (on GitLab) a command stays text. */
function escapeLineStart(line: string): string {
  return line.replace(/^(\d{1,9})([.)])/, '$1\\$2').replace(/^([#+=/:-])/, '\\$1')
}

// Every part is bounded or ends at its first delimiter, so that no text takes more than quadratic time.
const inlineParts =
  /(?<code>(?<![`\\])(?<ticks>`+)(?!`)(?<inside>.*?[^`])\k<ticks>(?!`))|!?\[(?<label>[^[\]]{0,200})\]\((?<target>[^\s()]{1,500})(?:\s[^()]{0,200})?\)|(?<url>(?:[a-z][a-z0-9+.-]*:\/\/|www\.|mailto:)[^\s<>`]+)|\*\*(?<bold>[^*`[\]:]+)\*\*/giu

function safeInline(line: string): string {
  let result = ''
  let end = 0
  for (const match of line.matchAll(inlineParts)) {
    result += escapeText(line.slice(end, match.index))
    const part = safePart(match.groups ?? {})
    // Two code spans without a space between them would share their backticks.
    result += result.endsWith('`') && part.startsWith('`') ? ` ${part}` : part
    end = match.index + match[0].length
  }
  return result + escapeText(line.slice(end))
}

function safePart(groups: Record<string, string | undefined>): string {
  const { inside, label, target, url, bold } = groups
  if (inside !== undefined) return inlineCode(inside)
  if (url !== undefined) return inlineCode(url)
  if (bold !== undefined && bold.trim() !== '') return `**${escapeText(bold.trim())}**`
  if (target !== undefined) return `${escapeText(label ?? '')} (${inlineCode(target)})`
  return escapeText(`**${bold ?? ''}**`)
}

function escapeText(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|~&$!]/g, '\\$&')
    .replace(/@(?=[\w-])/g, `@${zeroWidthSpace}`)
    .replace(/#(?=\d)/g, `#${zeroWidthSpace}`)
    .replace(/(GH-)(?=\d)/gi, `$1${zeroWidthSpace}`)
    .replace(/:(?=\/\/)|www(?=\.)|mailto(?=:)/gi, `$&${zeroWidthSpace}`)
}

function closingFence(lines: string[], from: number, opening: string): number {
  const closing = new RegExp(`^\\s*${opening[0]}{${opening.length},}\\s*$`)
  const found = lines.findIndex((line, index) => index >= from && closing.test(line))
  return found < 0 ? lines.length : found
}

function longestRun(text: string, character: '`'): number {
  return Math.max(0, ...[...text.matchAll(new RegExp(`${character}+`, 'g'))].map(([run]) => run.length))
}
