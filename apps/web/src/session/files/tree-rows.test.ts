import { expect, test } from 'vitest'
import { nestFiles, toggled, treeRows, type TreeChoice } from './tree-rows.ts'

const file = (path: string, status: 'added' | 'changed' | null = null) => ({ path, bytes: 1, isLink: false, isExecutable: false, status })
const root = nestFiles(
  {
    files: [file('src/clock/dial.ts', 'changed'), file('src/clock/hand.ts'), file('readme.md'), file('src/main.ts', 'added')],
    removed: ['old.txt'],
  },
  [{ path: 'src/clock/dial.ts', oldPath: null, status: 'changed', added: 3, removed: 1, isBinary: false, patch: '' }],
)
const folded: TreeChoice = { open: new Set(), filter: '', onlyChanged: false }
const names = (choice: TreeChoice): string[] => treeRows(root, choice).map(({ depth, name }) => `${'  '.repeat(depth)}${name}`)

test('a tree begins folded, folders before files, with what was removed in it', () => {
  expect(names(folded)).toEqual(['src', 'old.txt', 'readme.md'])
  expect(treeRows(root, folded)[0]).toMatchObject({ kind: 'folder', changedInside: 2, position: 1, siblings: 3 })
})

test('unfolding shows what is inside, with its lines', () => {
  const open = toggled({ ...folded, open: toggled(folded, 'src') }, 'src/clock')
  expect(names({ ...folded, open })).toEqual(['src', '  clock', '    dial.ts', '    hand.ts', '  main.ts', 'old.txt', 'readme.md'])
  expect(treeRows(root, { ...folded, open })[2]).toMatchObject({ status: 'changed', lines: { added: 3, removed: 1 } })
})

test('a filter and "only changed" unfold what they find, and what they found can be folded', () => {
  expect(names({ ...folded, filter: 'CLOCK hand' })).toEqual(['src', '  clock', '    hand.ts'])
  const changed = { ...folded, onlyChanged: true }
  expect(names(changed)).toEqual(['src', '  clock', '    dial.ts', '  main.ts', 'old.txt'])
  expect(names({ ...changed, open: toggled(changed, 'src/clock') })).toEqual(['src', '  clock', '  main.ts', 'old.txt'])
  expect(names({ ...folded, filter: 'nowhere' })).toEqual([])
})
