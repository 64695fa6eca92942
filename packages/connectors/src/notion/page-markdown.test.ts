import { afterEach, beforeEach, expect, it } from 'vitest'
import { startTestNotion, type TestNotion } from '../testing/start-notion.ts'
import { readPageMarkdown } from './page-markdown.ts'

let notion: TestNotion
let sourceId: string
const signal = new AbortController().signal

beforeEach(async () => {
  notion = await startTestNotion()
  sourceId = notion.double.addDatabase('Tasks', { Name: 'title' }).dataSourceId
})
afterEach(() => notion.close())

type Given = Parameters<TestNotion['double']['addPage']>[2]
type Block = NonNullable<Given>[number]

const text = (content: string, more: Record<string, unknown> = {}) => ({ type: 'text', plain_text: content, href: null, ...more })
const block = (type: string, words: string | unknown[], children: Block[] = [], more: Record<string, unknown> = {}): Block => ({
  type,
  content: { rich_text: typeof words === 'string' ? [text(words)] : words, ...more },
  children,
})

async function markdownOf(blocks: Block[], limits?: Parameters<typeof readPageMarkdown>[3]) {
  const id = notion.double.addPage(sourceId, { Name: 'Page' }, blocks)
  const read = await readPageMarkdown(notion.client, id, signal, limits)
  if (!read.ok) throw new Error(read.message)
  return read
}

it('reads headings, lists with lists inside, to-dos, toggles, quotes and callouts', async () => {
  const { markdown, isCut } = await markdownOf([
    block('heading_1', 'Goal'),
    block('paragraph', 'First line\nsecond line'),
    block('bulleted_list_item', 'one', [block('bulleted_list_item', 'inside', [block('paragraph', 'deep')])]),
    block('bulleted_list_item', 'two'),
    block('numbered_list_item', 'first', [block('code', 'x = 1', [], { language: 'python' })]),
    block('numbered_list_item', 'second'),
    block('to_do', 'done', [], { checked: true }),
    block('to_do', 'open', [], { checked: false }),
    block('toggle', 'More', [block('paragraph', 'hidden')]),
    block('quote', 'said', [block('paragraph', 'and more')]),
    block('callout', 'Careful', [], { icon: { type: 'emoji', emoji: '⚠️' } }),
    { type: 'divider', content: {} },
    { type: 'column_list', content: {}, children: [{ type: 'column', content: {}, children: [block('paragraph', 'left')] }] },
  ])
  expect(isCut).toBe(false)
  expect(markdown).toBe(`# Goal

First line
second line

- one
  - inside
    deep
- two

1. first
   \`\`\`python
   x = 1
   \`\`\`
2. second

- [x] done
- [ ] open

- More
  hidden

> said
>
> and more

> ⚠️ Careful

---

left`)
})

it('reads marks, links, mentions, equations, tables, images and files', async () => {
  const { markdown } = await markdownOf([
    block('paragraph', [
      text('bold ', { annotations: { bold: true } }),
      text('link', { href: 'https://example.org/a_(b)', annotations: { italic: true } }),
      text(' '),
      text('a`b', { annotations: { code: true } }),
      text(' by '),
      { type: 'mention', plain_text: '@Olive', href: null, mention: { type: 'user', user: { id: 'u' } } },
      text(' see '),
      { type: 'mention', plain_text: 'Other page', href: 'https://www.notion.so/0f3a', mention: { type: 'page', page: { id: 'p' } } },
      text(' '),
      { type: 'equation', plain_text: 'e=mc^2', href: null, equation: { expression: 'e=mc^2' } },
      text(' relative', { href: '/0f3a' }),
      text(' script', { href: 'javascript:alert(1)' }),
    ]),
    {
      type: 'table',
      content: { has_column_header: true },
      children: [
        { type: 'table_row', content: { cells: [[text('Name')], [text('Value')]] } },
        { type: 'table_row', content: { cells: [[text('a|b')], [text('two\nlines')]] } },
      ],
    },
    { type: 'image', content: { type: 'external', external: { url: 'https://example.org/x.png' }, caption: [text('A screen')] } },
    { type: 'file', content: { type: 'file', file: { url: 'https://files.example.org/x?signature=abc' }, name: 'spec.pdf', caption: [] } },
    { type: 'equation', content: { expression: 'a+b' } },
    { type: 'child_page', content: { title: 'Details' } },
    { type: 'something_new', content: { rich_text: [text('still read')] } },
  ])
  expect(
    markdown.replace(/notion\.so\/[0-9a-f]{32}/, 'notion.so/ID'),
  ).toBe(`**bold** [*link*](https://example.org/a_%28b%29) \`\`a\`b\`\` by @Olive see [Other page](https://www.notion.so/0f3a) $e=mc^2$[ relative](https://www.notion.so/0f3a) script

| Name | Value |
| --- | --- |
| a\\|b | two lines |

[Image: A screen](https://example.org/x.png)

(File in Notion: spec.pdf)

$$
a+b
$$

- Details (a page of its own: https://www.notion.so/ID)

still read`)
})

it('lets no text become anything else than text', async () => {
  const { markdown } = await markdownOf([
    block('paragraph', '# not a heading\n- no list\n1. no list\n> no quote\n```\nno fence'),
    block('paragraph', '[click](https://evil.test) <script>x</script> `code` **bold** snake_case_name'),
    block('code', 'before\n```\n# after the fence?', [], { language: 'plain text' }),
    block('paragraph', 'hidden\u202e order \u0007bell'),
  ])
  expect(markdown).toBe(`\\# not a heading
\\- no list
1\\. no list
\\> no quote
\\\`\\\`\\\`
no fence

\\[click](https://evil.test) \\<script>x\\</script> \\\`code\\\` \\*\\*bold\\*\\* snake_case_name

\`\`\`\`text
before
\`\`\`
# after the fence?
\`\`\`\`

hidden order bell`)
})

it('stops at its limits and says so', async () => {
  const nest = (depth: number): Block => block('bulleted_list_item', `level ${depth}`, depth === 1 ? [] : [nest(depth - 1)])
  const deep = await markdownOf([nest(20)], { depth: 3, blocks: 100, requests: 100, characters: 1_000 })
  expect([deep.isCut, deep.markdown.split('\n').length]).toEqual([true, 3])
  const many = Array.from({ length: 250 }, (_, index) => block('paragraph', `line ${index}`))
  const wide = await markdownOf(many, { depth: 3, blocks: 150, requests: 100, characters: 100_000 })
  expect([wide.isCut, wide.markdown.split('\n\n').length]).toEqual([true, 150])
  const all = await markdownOf(many)
  expect([all.isCut, all.markdown.split('\n\n').length]).toEqual([false, 250])
  const long = await markdownOf([block('paragraph', 'x'.repeat(2_000))], { depth: 3, blocks: 10, requests: 10, characters: 500 })
  expect([long.isCut, long.markdown.length < 600]).toEqual([true, true])
})
