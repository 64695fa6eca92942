// Notion's rich text: to Markdown for reading, from plain text for writing.

import type { NotionRichText } from './notion-shapes.ts'

/** Notion's limits for one piece and for one array. */
const longestPiece = 2_000
const mostPieces = 100

/** Plain text as it is taken by titles, text fields and comments; what is too long for Notion is cut with an ellipsis. */
export function toRichText(text: string): { type: 'text'; text: { content: string } }[] {
  const characters = [...text.toWellFormed()]
  const pieces: string[] = []
  let piece = ''
  for (const character of characters) {
    if (piece.length + character.length > longestPiece) {
      pieces.push(piece)
      piece = ''
    }
    piece += character
  }
  if (piece !== '') pieces.push(piece)
  const kept = pieces.slice(0, mostPieces)
  if (pieces.length > mostPieces) kept[mostPieces - 1] = `${kept[mostPieces - 1]?.slice(0, -2)}…`
  return kept.map((content) => ({ type: 'text', text: { content } }))
}

/** Marks, links, mentions and equations as Markdown; what people typed stays the text that it was. */
export function richTextToMarkdown(parts: NotionRichText): string {
  return parts.map(partToMarkdown).join('')
}

function partToMarkdown(part: NotionRichText[number]): string {
  if (part.type === 'equation' && part.equation) return `$${part.equation.expression.replace(/\s+/g, ' ')}$`
  const text = part.plain_text
  if (part.type === 'mention') return mention(part)
  const { code = false, bold = false, italic = false, strikethrough = false } = part.annotations ?? {}
  if (code && text.trim() !== '') return link(codeSpan(text), part.href)
  const plain = escapeText(text)
  const marks = `${strikethrough ? '~~' : ''}${bold ? '**' : ''}${italic ? '*' : ''}`
  return link(marks === '' ? plain : marked(plain, marks), part.href)
}

function mention(part: NotionRichText[number]): string {
  const text = escapeText(part.plain_text.trim() || 'unnamed')
  const kind = part.mention?.type
  if (kind === 'user') return text.startsWith('@') ? text : `@${text}`
  if (kind === 'date') return text
  return link(text, part.href ?? null)
}

/** Marks do not count beside white space, so it stays outside of them. */
function marked(text: string, marks: string): string {
  const [, before = '', inside = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text) ?? []
  return inside === '' ? text : `${before}${marks}${inside}${[...marks.matchAll(/~~|\*\*|\*/g)].map(String).reverse().join('')}${after}`
}

/** Links that are no web address are shown as text. */
function link(text: string, href: string | null | undefined): string {
  if (!href || text.trim() === '') return text
  const target = href.startsWith('/') ? `https://www.notion.so${href}` : href
  if (!/^(https?:\/\/|mailto:)/i.test(target)) return text
  return `[${text}](${safeTarget(target)})`
}

export function safeTarget(url: string): string {
  return url.replace(/[\s<>()[\]\\]/g, (character) => encodeURIComponent(character).replace('(', '%28').replace(')', '%29'))
}

function codeSpan(text: string): string {
  const content = text.replace(/\s+/g, ' ')
  const ticks = '`'.repeat(longestRun(content) + 1)
  const space = content.startsWith('`') || content.endsWith('`') ? ' ' : ''
  return `${ticks}${space}${content}${space}${ticks}`
}

/** The longest run of backticks. */
export function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
}

/** What would become code, a link, an image or a tag; single marks inside words, as in snake_case, are left alone. */
export function escapeText(text: string): string {
  return text
    .replace(/[`\\]/g, '\\$&')
    .replace(/\[(?=[^\]]*\])/g, '\\[')
    .replace(/<(?=[a-z/!?])/gi, '\\<')
    .replace(/\*\*|~~|(?<!\w)[*_](?=\S)/g, (mark) => [...mark].map((character) => `\\${character}`).join(''))
}
