import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listChanges, listHistoryChanges } from './list-changes.ts'
import { describeObjects, readObjects } from './read-objects.ts'
import type { ReadObject } from './read-objects.ts'
import { scratchFolder, scratchRepository } from './testing/scratch-repository.ts'
import type { Scratch } from './testing/scratch-repository.ts'

let folder: ReturnType<typeof scratchFolder>
let source: Scratch
let gitDir: string
beforeEach(() => {
  folder = scratchFolder()
  source = scratchRepository(join(folder.path, 'app'))
  gitDir = join(source.path, '.git')
})
afterEach(() => folder.remove())

test('objects of all sizes arrive whole, larger ones by size only', async () => {
  const contents = ['', 'a\n', 'x'.repeat(300_000), '\n\n\0\n', 'y'.repeat(70_000)]
  const commit = source.commit(Object.fromEntries(contents.map((content, index) => [`f${index}`, content])))
  const oids = contents.map((_, index) => source.git(['rev-parse', `${commit}:f${index}`]))
  const read: ReadObject[] = []
  await readObjects(
    { gitDir, oids, maxBytes: 100_000 },
    (object) => void read.push({ ...object, content: object.content && Buffer.from(object.content) }),
  )
  const byOid = new Map(read.map((object) => [object.oid, object.content?.toString() ?? null]))
  expect(oids.map((oid) => byOid.get(oid))).toEqual(['', 'a\n', null, '\n\n\0\n', 'y'.repeat(70_000)])
})

test('a missing object is an error that names it', async () => {
  source.commit({ a: '1' })
  await expect(describeObjects({ gitDir, oids: ['a'.repeat(40)] })).rejects.toThrow('a'.repeat(40))
})

test('changes carry modes, ids and names that are not text', async () => {
  const first = source.commit({ 'a.txt': '1', 'b\n.txt': '1' })
  source.git(['rm', '--quiet', 'a.txt'])
  source.git(['update-index', '--add', '--cacheinfo', `100755,${source.git(['hash-object', '-w', '--stdin'], { input: 'z' })},c`])
  source.git(['commit', '--quiet', '-m', 'Two'])
  const second = source.git(['rev-parse', 'HEAD'])
  const changes = await listChanges({ gitDir, from: first, to: second })
  expect(changes.map(({ path, oldMode, newMode }) => ({ path, oldMode, newMode }))).toEqual([
    { path: 'a.txt', oldMode: '100644', newMode: '000000' },
    { path: 'c', oldMode: '000000', newMode: '100755' },
  ])
})

test('history shows what one commit added and a later one took away', async () => {
  const first = source.commit({ a: '1' })
  source.commit({ hidden: 'x' })
  source.git(['rm', '--quiet', 'hidden'])
  const last = source.commit({ a: '2' })
  expect((await listChanges({ gitDir, from: first, to: last })).map(({ path }) => path)).toEqual(['a'])
  expect((await listHistoryChanges({ gitDir, from: first, to: last })).map(({ path }) => path)).toContain('hidden')
})
