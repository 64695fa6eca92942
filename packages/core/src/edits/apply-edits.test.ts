import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEdits } from './apply-edits.ts'

function apply(source: string, oldText: string, newText: string) {
  return applyEdits(source, [{ oldText, newText }])
}

describe('applyEdits, exact', () => {
  it('replaces text that stands there once, inside a line too', () => {
    expect(apply('const a = 1\nconst b = 2\n', 'b = 2', 'b = 3')).toEqual({
      ok: true,
      text: 'const a = 1\nconst b = 3\n',
      added: 1,
      removed: 1,
      rungs: ['exact'],
    })
  })

  it('takes the new text literally, dollar signs included', () => {
    expect(apply('x\n', 'x', "$& $1 $' $$")).toMatchObject({ text: "$& $1 $' $$\n" })
  })

  it('deletes lines', () => {
    expect(apply('a\nb\nc\n', 'b\n', '')).toEqual({ ok: true, text: 'a\nc\n', added: 0, removed: 1, rungs: ['exact'] })
  })

  it('matches every edit against the file as it was', () => {
    const edits = [
      { oldText: 'one', newText: 'two' },
      { oldText: 'two', newText: 'one' },
    ]
    expect(applyEdits('one\ntwo\n', edits)).toEqual({ ok: true, text: 'two\none\n', added: 1, removed: 1, rungs: ['exact', 'exact'] })
  })

  it('applies edits in the order of the file, whatever order they come in', () => {
    const edits = [
      { oldText: 'c\n', newText: 'C1\nC2\n' },
      { oldText: 'a\n', newText: '' },
    ]
    expect(applyEdits('a\nb\nc\n', edits)).toMatchObject({ text: 'b\nC1\nC2\n', added: 2, removed: 2 })
  })

  it('lets edits touch each other without overlapping', () => {
    const edits = [
      { oldText: 'a\n', newText: '1\n' },
      { oldText: 'b\n', newText: '2\n' },
    ]
    expect(applyEdits('a\nb\n', edits)).toMatchObject({ ok: true, text: '1\n2\n' })
  })
})

describe('applyEdits, refusals', () => {
  it('refuses an empty old text', () => {
    expect(apply('a\n', '', 'b')).toMatchObject({ ok: false, index: 0, kind: 'empty' })
  })

  it('refuses an edit that changes nothing', () => {
    expect(apply('a\n', 'a', 'a')).toMatchObject({ ok: false, kind: 'no-change' })
    expect(apply('a  \r\nb\r\n', 'a\nb\n', 'a  \nb\n')).toMatchObject({ ok: false, kind: 'no-change' })
  })

  it('refuses an ambiguous old text and names the lines', () => {
    expect(apply('x\ny\nx\ny\nx\n', 'x', 'z')).toEqual({
      ok: false,
      index: 0,
      kind: 'ambiguous',
      message: 'Edit 1: the old text stands in the file 3 times (lines 1, 3 and 5). Quote more lines around the one you mean.',
    })
  })

  it('counts overlapping places as several', () => {
    expect(apply('aaa', 'aa', 'b')).toMatchObject({ ok: false, kind: 'ambiguous' })
  })

  it('names the nearest line when the old text is not there', () => {
    const source = 'function one() {\n  return 1\n}\n\nfunction two() {\n  return 2\n}\n'
    expect(apply(source, 'function two() {\n  return 3\n}\n', 'x')).toEqual({
      ok: false,
      index: 0,
      kind: 'not-found',
      message:
        'Edit 1: the old text is not in the file. Its line "function two() {" is line 5 of the file, but the lines around it differ. Read the file again and copy the text from there.',
    })
  })

  it('says so when none of its lines is there', () => {
    const result = apply('a\n', 'something else', 'x')
    expect(result).toMatchObject({ ok: false, kind: 'not-found', message: expect.stringContaining('None of its lines is in the file.') })
  })

  it('names the nearest line when none is the same', () => {
    const source = 'let value = 0\n  return { add, value: () => value }\n}\n'
    expect(apply(source, '  return { add, getValue: () => value }', 'x')).toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('None of its lines is in the file; the nearest is line 2, "return { add, value: () => value }".'),
    })
  })

  it('never matches a line that is only similar', () => {
    expect(apply('const total = price * count\n', 'const total = price * counts\n', 'x\n')).toMatchObject({ kind: 'not-found' })
    expect(apply('if (a) {\n  go()\n}\n', 'if (a) {\n  go( )\n}\n', 'x\n')).toMatchObject({ kind: 'not-found' })
    expect(apply('a\nb\nc\n', 'a\nc\n', 'x\n')).toMatchObject({ kind: 'not-found' })
  })

  it('refuses edits of the same text', () => {
    const edits = [
      { oldText: 'a\nb', newText: 'x' },
      { oldText: 'b\nc', newText: 'y' },
    ]
    expect(applyEdits('a\nb\nc\n', edits)).toEqual({
      ok: false,
      index: 1,
      kind: 'overlap',
      message: 'Edit 2 touches the same text as edit 1. Send the two as one edit.',
    })
  })

  it('applies none when one does not fit', () => {
    const edits = [
      { oldText: 'a', newText: 'b' },
      { oldText: 'missing', newText: 'x' },
    ]
    expect(applyEdits('a\n', edits)).toMatchObject({ ok: false, index: 1, kind: 'not-found' })
  })

  it('does not fall to a lower rung when a higher one is ambiguous', () => {
    expect(apply('  a\n  b\na\nb\na\nb\n', 'a\nb\n', 'x\n')).toMatchObject({ kind: 'ambiguous' })
  })

  it('stays quick on a huge file and a tiny old text', () => {
    expect(apply('ab'.repeat(1_000_000), 'a', 'x')).toMatchObject({ kind: 'ambiguous' })
  })
})

describe('applyEdits, line ends', () => {
  it('matches LF against CRLF and writes CRLF', () => {
    expect(apply('a\r\nb\r\nc\r\n', 'a\nb\n', 'A\nB\nB2\n')).toEqual({
      ok: true,
      text: 'A\r\nB\r\nB2\r\nc\r\n',
      added: 3,
      removed: 2,
      rungs: ['line-ends'],
    })
  })

  it('writes CRLF for an exact match inside a line', () => {
    expect(apply('a\r\nb\r\n', 'b', 'b1\nb2')).toMatchObject({ text: 'a\r\nb1\r\nb2\r\n', rungs: ['exact'] })
  })

  it('writes LF into a file that has LF', () => {
    expect(apply('a\nb\n', 'a\r\nb\r\n', 'x\r\ny\r\n')).toMatchObject({ text: 'x\ny\n', rungs: ['line-ends'] })
  })

  it('leaves white space at line ends out of account', () => {
    expect(apply('if a:  \n\tb()\t\nend\n', 'if a:\n\tb()\n', 'if c:\n\td()\n')).toMatchObject({
      text: 'if c:\n\td()\nend\n',
      rungs: ['line-ends'],
    })
    expect(apply('a\nb\n', 'a  \nb', 'x')).toMatchObject({ text: 'x\n', rungs: ['line-ends'] })
  })

  it('takes white space at the end of the matched lines along', () => {
    expect(apply('a  \nb  \nc\n', 'a\nb', 'x')).toMatchObject({ text: 'x\nc\n' })
    expect(apply('a\t\r\nb\t\r\nc\r\n', 'a\nb', 'x')).toMatchObject({ text: 'x\r\nc\r\n' })
  })

  it('keeps CRLF whole when the old text begins with a line end', () => {
    expect(apply('a \r\nb\r\nc\r\n', '\nb\n', '\nB\n')).toMatchObject({ text: 'a\r\nB\r\nc\r\n' })
    expect(apply('\r\na\r\nb\r\n', '\na\n', 'A\n')).toMatchObject({ text: 'A\r\nb\r\n' })
  })

  it('never leaves half of a CRLF behind', () => {
    expect(apply('a\r\nb\r\n', '\nb', '\nB')).toMatchObject({ text: 'a\r\nB\r\n' })
    expect(apply('a\r\nb\r\n', '\nb', 'B')).toMatchObject({ text: 'aB\r\n' })
    expect(apply('a\r\nb\r\n', 'b\r', 'B\r')).toMatchObject({ text: 'a\r\nB\r\n' })
  })

  it('does not take trailing white space in the old text for the middle of a line', () => {
    expect(apply('foobar\n', 'foo  ', 'x')).toMatchObject({ kind: 'not-found' })
    expect(apply('foo\nfoobar\n', 'foo  ', 'x')).toMatchObject({ text: 'x\nfoobar\n' })
  })

  it('begins and ends inside lines', () => {
    expect(apply('call(one,\r\n  two) // note\r\n', 'one,\n  two', '1,\n  2')).toMatchObject({
      text: 'call(1,\r\n  2) // note\r\n',
      rungs: ['line-ends'],
    })
  })

  it('finds last lines that lack their line end, and leaves them so', () => {
    expect(apply('a\nb', 'b\n', 'c\n')).toMatchObject({ ok: true, text: 'a\nc', rungs: ['line-ends'] })
  })

  it('keeps the last line end of the file', () => {
    expect(apply('a\nb\n', 'b\n', 'c')).toMatchObject({ text: 'a\nc\n' })
    expect(apply('a\r\nb\r\n', 'b\r\n', 'c')).toMatchObject({ text: 'a\r\nc\r\n' })
  })

  it('can empty a file', () => {
    expect(apply('a\n', 'a\n', '')).toMatchObject({ ok: true, text: '' })
  })

  it('never matches blank lines only', () => {
    expect(apply('a\n\nb\n', '   \n', 'x')).toMatchObject({ kind: 'not-found' })
  })
})

describe('applyEdits, indentation', () => {
  const python = 'class A:\n    def one(self):\n        if x:\n            return 1\n\n        return 2\n'

  it('indents the new text like the file', () => {
    expect(apply(python, 'if x:\n    return 1\n\nreturn 2\n', 'if y:\n    if z:\n        return 3\n\nreturn 4\n')).toMatchObject({
      text: 'class A:\n    def one(self):\n        if y:\n            if z:\n                return 3\n\n        return 4\n',
      rungs: ['indentation'],
    })
  })

  it('takes indentation away when the old text has too much', () => {
    expect(apply('a:\n  b\n  c\n', '      b\n      c\n', '      b\n        d\n')).toMatchObject({
      text: 'a:\n  b\n    d\n',
      rungs: ['indentation'],
    })
  })

  it('reads spaces as tabs', () => {
    const go = 'func main() {\n\tif ok {\n\t\trun()\n\t}\n}\n'
    expect(
      apply(go, '    if ok {\n        run()\n    }\n', '    if ok {\n        for {\n            run()\n        }\n    }\n'),
    ).toMatchObject({
      text: 'func main() {\n\tif ok {\n\t\tfor {\n\t\t\trun()\n\t\t}\n\t}\n}\n',
      rungs: ['indentation'],
    })
  })

  it('reads tabs as spaces', () => {
    expect(apply('if (a) {\n  b()\n  c()\n}\n', 'if (a) {\n\tb()\n\tc()\n}\n', 'if (a) {\n\tif (d) {\n\t\tb()\n\t}\n}\n')).toMatchObject({
      text: 'if (a) {\n  if (d) {\n    b()\n  }\n}\n',
    })
  })

  it('refuses lines that are not shifted alike', () => {
    expect(apply('if a:\n    b()\nc()\n', 'if a:\n    b()\n    c()\n', 'x\n')).toMatchObject({ kind: 'not-found' })
    expect(apply('if a:\n    b()\n    c()\n', 'if a:\n    b()\nc()\n', 'x\n')).toMatchObject({ kind: 'not-found' })
  })

  it('refuses a new text that cannot be indented alike', () => {
    const result = apply('a:\n  b\n  c\n', '    b\n    c\n', 'b\n')
    expect(result).toMatchObject({ ok: false, kind: 'not-found', message: expect.stringContaining('another indentation') })
  })

  it('refuses blocks that stand there twice', () => {
    expect(apply('{\n  a\n  b\n}\n{\n    a\n    b\n}\n', 'a\nb\n', 'x\n')).toMatchObject({ kind: 'ambiguous' })
  })

  it('leaves blank lines blank', () => {
    expect(apply('  a\n  \n  b\n', 'a\n\nb\n', 'a\n\nc\n')).toMatchObject({ text: '  a\n\n  c\n' })
  })

  it('keeps CRLF while it indents', () => {
    expect(apply('{\r\n  a\r\n  b\r\n}\r\n', 'a\nb\n', 'a\nc\n')).toMatchObject({ text: '{\r\n  a\r\n  c\r\n}\r\n' })
  })

  it('finds last lines that lack their line end', () => {
    expect(apply('{\n  a\n  b', 'a\nb\n', 'a\nc\n')).toMatchObject({ text: '{\n  a\n  c' })
  })

  it('does not take a no-break space for indentation', () => {
    expect(apply('a\n\u00a0b\n', 'a\nb\n', 'x\n')).toMatchObject({ kind: 'not-found' })
  })
})

const line = fc.constantFrom('a', 'b()', '  c', '\tif x:', 'd // e', '', '    return 1')
const file = fc.array(line, { minLength: 1, maxLength: 14 }).map((lines) => `${lines.join('\n')}\n`)

describe('applyEdits, for any file', () => {
  it('replaces a block that stands there once, and nothing else', () => {
    fc.assert(
      fc.property(file, file, fc.nat(), fc.nat(), (source, newText, from, length) => {
        const lines = source.split(/(?<=\n)/)
        const start = from % lines.length
        const block = lines.slice(start, start + 1 + (length % 4)).join('')
        const before = lines.slice(0, start).join('')
        const result = apply(source, block, newText)
        if (!result.ok) return void expect(['ambiguous', 'no-change']).toContain(result.kind)
        expect(result.text).toBe(before + newText + source.slice(before.length + block.length))
      }),
    )
  })

  it('gives the same result for the CRLF form of the same file', () => {
    fc.assert(
      fc.property(file, file, file, (source, oldText, newText) => {
        fc.pre(oldText.trim() !== '')
        const unix = apply(source, oldText, newText)
        const windows = apply(source.replaceAll('\n', '\r\n'), oldText, newText)
        expect(windows.ok).toBe(unix.ok)
        if (unix.ok && windows.ok) expect(windows.text).toBe(unix.text.replaceAll('\n', '\r\n'))
      }),
    )
  })

  it('finds a block that was indented as a whole, and indents the change alike', () => {
    const indent = fc.constantFrom('  ', '    ', '\t')
    fc.assert(
      fc.property(file, indent, (block, prefix) => {
        fc.pre(block.split('\n').some((text) => text.trim() !== ''))
        const shift = (text: string) => text.replace(/^(?=.*\S)/gm, prefix)
        const result = apply(`first line\n${shift(block)}last line\n`, block, `${block}more\n`)
        if (result.ok)
          expect(result.text).toBe(`first line\n${shift(block)}${result.rungs[0] === 'indentation' ? prefix : ''}more\nlast line\n`)
        else expect(result.kind).toBe('ambiguous')
      }),
    )
  })

  it('never throws, and never changes a file it reports as refused', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\t', '\n', '\r', '\u00a0') })
    fc.assert(
      fc.property(text, fc.array(fc.record({ oldText: text, newText: text }), { minLength: 1, maxLength: 3 }), (source, edits) => {
        const result = applyEdits(source, edits)
        if (result.ok) expect(result.rungs).toHaveLength(edits.length)
        else expect(result.message).toMatch(/^Edit \d/)
      }),
      { numRuns: 1000 },
    )
  })

  it('looks through the file once for all edits, so that a thousand of them hold nobody up', () => {
    const line = (index: number) => `line ${index} of a long file, with some more words in it`
    const source = Array.from({ length: 20_000 }, (_, index) => `${line(index)}\n`).join('')
    const edits = Array.from({ length: 1_000 }, (_, index) => ({ oldText: `${line(index)}  \n`, newText: `changed ${index}\n` }))
    const startedAt = performance.now()
    expect(applyEdits(source, edits)).toMatchObject({ ok: true, removed: 1_000 })
    // A look for each takes twice as long, and that on a machine with nothing else to do.
    expect(performance.now() - startedAt).toBeLessThan(20_000)
  })
})
