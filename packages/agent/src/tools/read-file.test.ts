import { afterEach, describe, expect, it } from 'vitest'
import { openToolBench, type ToolBench } from '../testing/tool-bench.ts'
import { readFile } from './read-file.ts'

let bench: ToolBench
afterEach(() => bench.close())

describe('read_file', () => {
  it('numbers the lines and remembers the version', async () => {
    bench = await openToolBench({ 'src/a.ts': 'one\n\ttwo\n' })
    const outcome = await readFile({ path: 'src/a.ts' }, bench.context)
    expect(outcome).toMatchObject({
      ok: true,
      output: '1\tone\n2\t\ttwo',
      changed: false,
      problem: null,
      facts: { path: 'src/a.ts', lines: 2 },
    })
    expect(bench.context.fileShas.get('src/a.ts')).toBe(outcome.facts['sha'])
  })

  it('knows one file by any spelling of its path', async () => {
    bench = await openToolBench({ 'src/a.ts': 'one\n' })
    for (const path of ['./src/a.ts', 'src//a.ts', `${bench.sandbox.root}/src/a.ts`])
      expect(await readFile({ path }, bench.context)).toMatchObject({ ok: true })
    expect([...bench.context.fileShas.keys()]).toEqual(['src/a.ts'])
  })

  it('reads a part and says first which', async () => {
    bench = await openToolBench({ a: 'l1\nl2\nl3\nl4\n' })
    const outcome = await readFile({ path: 'a', offset: 2, limit: 2 }, bench.context)
    expect(outcome.output).toBe('[lines 2–3 of 4; use offset and limit for others]\n2\tl2\n3\tl3')
  })

  it('stays within 32 KB and whole lines', async () => {
    bench = await openToolBench({ a: `${'x'.repeat(99)}\n`.repeat(2_000) })
    const outcome = await readFile({ path: 'a' }, bench.context)
    expect(Buffer.byteLength(outcome.output)).toBeLessThanOrEqual(32 * 1024)
    expect(outcome.output).toMatch(/^\[lines 1–\d+ of 2000; /)
    expect(outcome.output.endsWith('x'.repeat(99))).toBe(true)
  })

  it('shortens a line that is longer than anybody reads', async () => {
    bench = await openToolBench({ a: `${'x'.repeat(100_000)}\nshort\n` })
    expect((await readFile({ path: 'a' }, bench.context)).output).toMatch(/^1\tx{2000}… \[\+98,000 characters\]\n2\tshort$/)
  })

  it('leaves carriage returns and the byte order mark out', async () => {
    bench = await openToolBench({ a: '\ufeffone\r\ntwo\r\n' })
    expect((await readFile({ path: 'a' }, bench.context)).output).toBe('1\tone\n2\ttwo')
  })

  it('says when there is nothing to read', async () => {
    bench = await openToolBench({ empty: '', short: 'a\n' })
    expect((await readFile({ path: 'empty' }, bench.context)).output).toBe('empty is empty.')
    expect(await readFile({ path: 'short', offset: 9 }, bench.context)).toMatchObject({ ok: false, output: 'short has only 1 lines.' })
  })

  it('refuses what is no text file in the work tree', async () => {
    bench = await openToolBench({ 'src/binary': new Uint8Array([1, 0, 2]) })
    expect(await readFile({ path: 'src/binary' }, bench.context)).toMatchObject({
      ok: false,
      problem: 'failed',
      output: expect.stringContaining('binary file of 3 bytes'),
    })
    expect((await readFile({ path: 'nope' }, bench.context)).output).toBe('nope does not exist. Find it with list_files or search.')
    expect((await readFile({ path: 'src' }, bench.context)).output).toBe('src is a folder. Use list_files.')
    expect((await readFile({ path: '../../etc/passwd' }, bench.context)).output).toContain('outside the work tree')
    expect(bench.context.fileShas.size).toBe(0)
  })
})
