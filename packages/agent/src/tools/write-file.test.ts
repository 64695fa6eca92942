import { afterEach, describe, expect, it } from 'vitest'
import { openToolBench, type ToolBench } from '../testing/tool-bench.ts'
import { editFile } from './edit-file.ts'
import { readFile } from './read-file.ts'
import { writeFile } from './write-file.ts'

let bench: ToolBench
afterEach(() => bench.close())

describe('write_file', () => {
  it('creates a file, folders included, which can then be edited', async () => {
    bench = await openToolBench()
    expect(await writeFile({ path: 'new/deep/a.ts', content: 'one\ntwo\n' }, bench.context)).toMatchObject({
      ok: true,
      output: 'Created new/deep/a.ts (2 lines).',
      changed: true,
      facts: { path: 'new/deep/a.ts', lines: 2, created: true },
    })
    expect(await editFile({ path: 'new/deep/a.ts', edits: [{ old_text: 'two', new_text: '2' }] }, bench.context)).toMatchObject({
      ok: true,
    })
  })

  it('replaces a file that was read', async () => {
    bench = await openToolBench({ a: 'old\n' })
    await readFile({ path: 'a' }, bench.context)
    expect(await writeFile({ path: 'a', content: '' }, bench.context)).toMatchObject({ ok: true, output: 'Replaced a (0 lines).' })
    expect(await bench.text('a')).toBe('')
  })

  it('does not replace a file nobody looked at', async () => {
    bench = await openToolBench({ a: 'precious\n' })
    expect(await writeFile({ path: 'a', content: 'x' }, bench.context)).toMatchObject({
      ok: false,
      changed: false,
      output: 'a exists already. Read it first, then edit_file or write_file.',
    })
    expect(await bench.text('a')).toBe('precious\n')
  })

  it('does not replace a file that changed since it was read', async () => {
    bench = await openToolBench({ a: 'old\n' })
    await readFile({ path: 'a' }, bench.context)
    await bench.sandbox.put({ a: 'newer\n' })
    expect(await writeFile({ path: 'a', content: 'x' }, bench.context)).toMatchObject({
      ok: false,
      output: expect.stringContaining('has changed since you read it'),
    })
    expect(await bench.text('a')).toBe('newer\n')
  })

  it('refuses folders and places outside', async () => {
    bench = await openToolBench({ 'src/a': '' })
    expect((await writeFile({ path: 'src', content: 'x' }, bench.context)).output).toBe('src is a folder. Give the path of a file in it.')
    expect((await writeFile({ path: '/etc/x', content: 'x' }, bench.context)).output).toContain('outside the work tree')
  })
})
