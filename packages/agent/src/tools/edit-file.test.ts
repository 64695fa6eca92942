import { afterEach, describe, expect, it } from 'vitest'
import { openToolBench, type ToolBench } from '../testing/tool-bench.ts'
import { editFile } from './edit-file.ts'
import { readFile } from './read-file.ts'

let bench: ToolBench
afterEach(() => bench.close())

const change = (path: string, oldText: string, newText: string) => ({ path, edits: [{ old_text: oldText, new_text: newText }] })

describe('edit_file', () => {
  it('changes a file that was read, and again', async () => {
    bench = await openToolBench({ a: 'one\ntwo\n' })
    await readFile({ path: 'a' }, bench.context)
    expect(await editFile(change('a', 'two', 'TWO\nthree'), bench.context)).toMatchObject({
      ok: true,
      output: 'Edited a: +2 −1.',
      changed: true,
      problem: null,
      facts: { path: 'a', added: 2, removed: 1 },
    })
    expect(await editFile(change('a', 'three', '3'), bench.context)).toMatchObject({ ok: true })
    expect(await bench.text('a')).toBe('one\nTWO\n3\n')
  })

  it('changes a file that was never read when the old text stands there once', async () => {
    bench = await openToolBench({ a: 'one\ntwo\n' })
    expect(await editFile(change('./a', 'two', '2'), bench.context)).toMatchObject({ ok: true })
    expect(await bench.text('a')).toBe('one\n2\n')
  })

  it('refuses a file that changed since it was read, and then asks for a new look only once', async () => {
    bench = await openToolBench({ a: 'one\ntwo\n' })
    await readFile({ path: 'a' }, bench.context)
    await bench.sandbox.put({ a: 'one\ntwo\nthree\n' })
    expect(await editFile(change('a', 'two', '2'), bench.context)).toMatchObject({
      ok: false,
      problem: 'failed',
      changed: false,
      output: 'a has changed since you read it. Read it again, then repeat the change.',
    })
    expect(await bench.text('a')).toBe('one\ntwo\nthree\n')
    await readFile({ path: 'a' }, bench.context)
    expect(await editFile(change('a', 'two', '2'), bench.context)).toMatchObject({ ok: true })
  })

  it('says when white space differed', async () => {
    bench = await openToolBench({ a: 'if x:\r\n    go()\r\n' })
    expect((await editFile(change('a', 'if x:\n    go()\n', 'if y:\n    go()\n'), bench.context)).output).toContain('White space differed')
    expect(await bench.text('a')).toBe('if y:\r\n    go()\r\n')
  })

  it('changes nothing when one of the edits does not fit', async () => {
    bench = await openToolBench({ a: 'one\ntwo\n' })
    const edits = [
      { old_text: 'one', new_text: '1' },
      { old_text: 'nine', new_text: '9' },
    ]
    expect(await editFile({ path: 'a', edits }, bench.context)).toMatchObject({
      ok: false,
      changed: false,
      facts: { kind: 'not-found' },
      output: expect.stringMatching(/^Edit 2: /),
    })
    expect(await bench.text('a')).toBe('one\ntwo\n')
  })

  it('keeps a byte order mark', async () => {
    bench = await openToolBench({ a: '\ufeffone\n' })
    await editFile(change('a', 'one', '1'), bench.context)
    expect(await bench.text('a')).toBe('\ufeff1\n')
  })

  it('refuses what is not UTF-8 or not there', async () => {
    bench = await openToolBench({ latin: new Uint8Array([0x61, 0xe4, 0x0a]) })
    expect((await editFile(change('latin', 'a', 'b'), bench.context)).output).toBe('latin is not UTF-8 text. Use bash.')
    expect((await editFile(change('nope', 'a', 'b'), bench.context)).output).toContain('does not exist')
  })
})
