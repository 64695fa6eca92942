import { afterEach, describe, expect, it } from 'vitest'
import { openToolBench, type ToolBench } from '../testing/tool-bench.ts'
import { findContext } from './find-context.ts'
import { listFiles } from './list-files.ts'
import { search } from './search.ts'

let bench: ToolBench
afterEach(() => bench.close())

const project = {
  'README.md': '# Shop\nOrders and payments.\n',
  'src/orders/price.ts':
    'export function totalPrice(items: Item[]): number {\n  return items.reduce((sum, item) => sum + item.price, 0)\n}\n',
  'src/orders/cart.ts': "import { totalPrice } from './price.ts'\nexport const checkout = (items: Item[]) => totalPrice(items)\n",
  'src/mail/send.ts': 'export function send() {}\n',
}

describe('list_files', () => {
  it('says which tool reads a file', async () => {
    bench = await openToolBench(project)
    expect((await listFiles({ path: 'README.md' }, bench.context)).output).toBe('README.md is not a folder. Use read_file.')
  })

  it('lists two levels, folders with a slash', async () => {
    bench = await openToolBench(project)
    expect(await listFiles({}, bench.context)).toMatchObject({
      ok: true,
      output: 'README.md\nsrc/\nsrc/mail/\nsrc/orders/',
      facts: { entries: 4 },
    })
  })

  it('lists below a folder', async () => {
    bench = await openToolBench(project)
    expect((await listFiles({ path: 'src/orders/' }, bench.context)).output).toBe('src/orders/cart.ts\nsrc/orders/price.ts')
  })

  it('says first that there is more', async () => {
    bench = await openToolBench(Object.fromEntries(Array.from({ length: 450 }, (_, index) => [`f${index}`, ''])))
    const { output } = await listFiles({}, bench.context)
    expect(output.split('\n')[0]).toBe('[the first 400 entries; list a folder below, or use search]')
    expect(output.split('\n')).toHaveLength(401)
  })

  it('says what is wrong with a path', async () => {
    bench = await openToolBench(project)
    expect((await listFiles({ path: 'nope' }, bench.context)).output).toContain('nope does not exist')
    expect(await listFiles({ path: 'README.md' }, bench.context)).toMatchObject({ ok: false })
  })
})

describe('search', () => {
  it('gives path, line and text of each match', async () => {
    bench = await openToolBench(project)
    expect(await search({ pattern: 'totalPrice\\(' }, bench.context)).toMatchObject({
      ok: true,
      output:
        'src/orders/cart.ts:2: export const checkout = (items: Item[]) => totalPrice(items)\nsrc/orders/price.ts:1: export function totalPrice(items: Item[]): number {',
      facts: { matches: 2 },
    })
  })

  it('narrows by path, glob and case', async () => {
    bench = await openToolBench(project)
    expect((await search({ pattern: 'ORDERS', ignore_case: true, glob: '*.md' }, bench.context)).output).toBe(
      'README.md:2: Orders and payments.',
    )
    expect((await search({ pattern: 'export', path: 'src/mail' }, bench.context)).output).toBe(
      'src/mail/send.ts:1: export function send() {}',
    )
  })

  it('says that nothing matches, and what is wrong with a pattern', async () => {
    bench = await openToolBench(project)
    expect(await search({ pattern: 'zebra' }, bench.context)).toMatchObject({ ok: true, output: 'No match.' })
    expect(await search({ pattern: '(' }, bench.context)).toMatchObject({
      ok: false,
      output: expect.stringContaining('JavaScript regular expression'),
    })
  })

  it('says first that there is more, and shortens long lines', async () => {
    bench = await openToolBench({ a: `match ${'y'.repeat(1_000)}\n`.repeat(250) })
    const lines = (await search({ pattern: 'match' }, bench.context)).output.split('\n')
    expect(lines[0]).toBe('[the first 200 matches; narrow the pattern, path or glob]')
    expect(lines).toHaveLength(201)
    expect(lines[1]!.length).toBeLessThan(350)
  })
})

describe('find_context', () => {
  it('ranks files by how well and how rarely their words fit', async () => {
    bench = await openToolBench(project)
    const { output } = await findContext({ query: 'Where is the total price of the cart computed?' }, bench.context)
    expect(output.split('\n').filter((line) => !line.startsWith('  '))[0]).toMatch(/^src\/orders\/(cart|price)\.ts$/)
    expect(output).toContain('  1: export function totalPrice(items: Item[]): number {')
    expect(output).not.toContain('src/mail/send.ts')
  })

  it('finds files by their name alone', async () => {
    bench = await openToolBench(project)
    expect((await findContext({ query: 'send mail' }, bench.context)).output.split('\n')[0]).toBe('src/mail/send.ts')
  })

  it('takes words literally', async () => {
    bench = await openToolBench({ a: 'call foo.bar here\n', b: 'fooxbar\n' })
    expect((await findContext({ query: 'foo.bar' }, bench.context)).output).toBe('a\n  1: call foo.bar here')
  })

  it('says that nothing fits, and asks for words when there are none', async () => {
    bench = await openToolBench(project)
    expect(await findContext({ query: 'zebra' }, bench.context)).toMatchObject({ ok: true, output: 'Nothing contains zebra.' })
    expect(await findContext({ query: '? !' }, bench.context)).toMatchObject({ ok: false, problem: 'input' })
  })
})
