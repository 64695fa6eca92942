// Notion's blocks as Markdown. Everything in them is somebody's text: none of it can end a fence, a table or a link early.

import { cut, fence, visible } from '@slipway/core/publish/safe-markdown'
import * as z from 'zod'
import { richTextShape } from './notion-shapes.ts'
import type { BlockTree } from './read-blocks.ts'
import { escapeText, richTextToMarkdown, safeTarget } from './rich-text.ts'

/** Lists stay close together, everything else gets an empty line. */
type Piece = { text: string; kind: 'block' | 'list' | 'numbered' }

export const longestMarkdown = 200_000

/** At most `limit` characters; what was cut says so at the end. */
export function blocksToMarkdown(blocks: BlockTree[], limit = longestMarkdown): string {
  const text = visible(join(blocks))
  return text.length <= limit ? text : `${cut(text, limit)}\n\n(The page is longer than this.)`
}

function join(blocks: BlockTree[]): string {
  let number = 0
  let result = ''
  let before: Piece | null = null
  for (const tree of blocks) {
    number = tree.block.type === 'numbered_list_item' ? number + 1 : 0
    const piece = pieceOf(tree, number)
    if (piece.text === '') continue
    if (before !== null) result += before.kind === piece.kind && piece.kind !== 'block' ? '\n' : '\n\n'
    result += piece.text
    before = piece
  }
  return result
}

function pieceOf(tree: BlockTree, number: number): Piece {
  const { type } = tree.block
  if (type === 'bulleted_list_item') return { kind: 'list', text: item('- ', tree) }
  if (type === 'to_do') return { kind: 'list', text: item(contentOf(tree).checked ? '- [x] ' : '- [ ] ', tree) }
  if (type === 'numbered_list_item') return { kind: 'numbered', text: item(`${number}. `, tree) }
  return { kind: 'block', text: blockText(tree) }
}

function blockText(tree: BlockTree): string {
  const { block, children } = tree
  const content = contentOf(tree)
  const text = lineText(tree)
  switch (block.type) {
    case 'paragraph':
    case 'template':
      return paragraphs(text, join(children))
    case 'heading_1':
    case 'heading_2':
    case 'heading_3':
    case 'heading_4':
      return paragraphs(text === '' ? '' : `${'#'.repeat(Number(block.type.slice(-1)))} ${oneLine(text)}`, join(children))
    case 'toggle':
      return item('- ', tree)
    case 'quote':
      return quote(paragraphs(text, join(children)))
    case 'callout':
      return quote(paragraphs(`${content.icon?.emoji ? `${content.icon.emoji} ` : ''}${text}`, join(children)))
    case 'code':
      return paragraphs(fence(plain(content.rich_text), language(content.language)), oneLine(richTextToMarkdown(content.caption)))
    case 'equation':
      return `$$\n${content.expression.replaceAll('$$', '$ $')}\n$$`
    case 'divider':
      return '---'
    case 'table':
      return table(children, content.has_column_header)
    case 'child_page':
    case 'child_database':
      return `- ${escapeText(content.title)} (${block.type === 'child_page' ? 'a page' : 'a database'} of its own: https://www.notion.so/${block.id.replaceAll('-', '')})`
    case 'link_to_page': {
      const target = content.page_id ?? content.database_id
      return target === undefined ? '' : `[another page](https://www.notion.so/${safeTarget(target.replaceAll('-', ''))})`
    }
    case 'image':
    case 'video':
    case 'file':
    case 'pdf':
    case 'audio':
    case 'bookmark':
    case 'embed':
    case 'link_preview':
      return media(block.type, content)
    case 'table_of_contents':
    case 'breadcrumb':
      return ''
    case 'unsupported':
      return '(A block that Notion’s API does not show.)'
    default:
      // Columns, synced blocks, tabs and what is new: the text and what is inside.
      return paragraphs(text, join(children))
  }
}

const contentShape = z.object({
  rich_text: richTextShape.catch([]),
  caption: richTextShape.catch([]),
  checked: z.boolean().catch(false),
  language: z.string().catch(''),
  expression: z.string().catch(''),
  title: z.string().catch('untitled'),
  name: z.string().catch(''),
  url: z.string().optional().catch(undefined),
  external: z.object({ url: z.string() }).optional().catch(undefined),
  file: z.object({ url: z.string() }).optional().catch(undefined),
  page_id: z.string().optional().catch(undefined),
  database_id: z.string().optional().catch(undefined),
  icon: z.object({ emoji: z.string().optional() }).nullish().catch(undefined),
  has_column_header: z.boolean().catch(false),
  cells: z.array(richTextShape).catch([]),
})
type Content = z.output<typeof contentShape>

function contentOf({ block }: BlockTree): Content {
  const content = block[block.type]
  return contentShape.parse(content !== null && typeof content === 'object' ? content : {})
}

function lineText(tree: BlockTree): string {
  return richTextToMarkdown(contentOf(tree).rich_text).split('\n').map(escapeLineStart).join('\n').trim()
}

/** What people typed at the start of a line does not become a heading, a list, a quote, a rule or a table. */
function escapeLineStart(line: string): string {
  return line
    .replace(/^(\s*)(\d{1,9})([.)])(?=\s|$)/, '$1$2\\$3')
    .replace(/^(\s*)(#{1,6}(?=\s|$)|[-+*](?=\s|$)|>|\||~~~|-{3,}|={3,})/, '$1\\$2')
}

function item(mark: string, tree: BlockTree): string {
  const indent = ' '.repeat(mark.startsWith('- [') ? 2 : mark.length)
  const text = lineText(tree).replaceAll('\n', `\n${indent}`)
  const inside = join(tree.children)
  return `${mark}${text}${inside === '' ? '' : `\n${indented(inside, indent)}`}`.trimEnd()
}

function table(rows: BlockTree[], hasHeader: boolean): string {
  const cells = rows.map((row) => contentOf(row).cells.map((cell) => oneLine(richTextToMarkdown(cell)).replace(/(?<!\\)\|/g, '\\|')))
  const width = Math.max(0, ...cells.map((row) => row.length))
  if (width === 0) return ''
  const line = (row: string[]) => `| ${Array.from({ length: width }, (_, index) => row[index] ?? '').join(' | ')} |`
  const [first = [], ...others] = hasHeader ? cells : [[], ...cells]
  return [line(first), `|${' --- |'.repeat(width)}`, ...others.map(line)].join('\n')
}

/** Files of Notion itself have signed addresses, which are credentials: those are named and not shown. */
function media(type: string, content: Content): string {
  const caption = oneLine(richTextToMarkdown(content.caption)) || escapeText(content.name) || type.replaceAll('_', ' ')
  const url = content.external?.url ?? content.url
  if (url === undefined || !/^https?:\/\//i.test(url)) return `(${type === 'image' ? 'Image' : 'File'} in Notion: ${caption})`
  return `[${type === 'image' ? 'Image: ' : ''}${caption}](${safeTarget(url)})`
}

function language(name: string): string {
  const known: Record<string, string> = { 'plain text': 'text', 'c++': 'cpp', 'c#': 'csharp', 'java/c/c++/c#': 'text', shell: 'sh' }
  return known[name] ?? (/^[\w+-]{1,30}$/.test(name) ? name : '')
}

function plain(parts: Content['rich_text']): string {
  return parts.map((part) => part.plain_text).join('')
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim()
}

function quote(text: string): string {
  return text === ''
    ? ''
    : text
        .split('\n')
        .map((line) => `> ${line}`.trimEnd())
        .join('\n')
}

function indented(text: string, indent: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : indent + line))
    .join('\n')
}

function paragraphs(...parts: string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}
