import { expect, test } from 'vitest'
import { patchLines, sayLine } from './patch-lines.ts'

const patch = `--- a/dial.ts
+++ b/dial.ts
@@ -1,3 +1,3 @@
 one
-two
+three
 four
@@ -20 +20,2 @@
-last
+last
+--- not a header
\\ No newline at end of file
`

test('lines carry the number they have in their version of the file', () => {
  expect(patchLines(patch).map(({ kind, side, line, text }) => [kind, side, line, text])).toEqual([
    ['context', 'new', 1, 'one'],
    ['removed', 'old', 2, 'two'],
    ['added', 'new', 2, 'three'],
    ['context', 'new', 3, 'four'],
    ['removed', 'old', 20, 'last'],
    ['added', 'new', 20, 'last'],
    ['added', 'new', 21, '--- not a header'],
  ])
})

test('a line is told in words', () => {
  expect(patchLines(patch).slice(1, 3).map(sayLine)).toEqual(['Removed line 2: two', 'Added line 2: three'])
  expect(sayLine({ kind: 'added', side: 'new', line: 4, text: '  ' })).toBe('Added line 4: empty')
})
