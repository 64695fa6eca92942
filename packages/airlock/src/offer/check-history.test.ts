import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { scratchFolder, scratchRepository } from '@slipway/git/testing/scratch-repository'
import type { Scratch } from '@slipway/git/testing/scratch-repository'
import { checkHistory } from './check-history.ts'

let folder: ReturnType<typeof scratchFolder>
let source: Scratch
beforeEach(() => {
  folder = scratchFolder()
  source = scratchRepository(join(folder.path, 'app'))
})
afterEach(() => folder.remove())

const check = (baseOid: string, oid: string, changes: object = {}) =>
  checkHistory({
    gitDir: join(source.path, '.git'),
    environment: {},
    baseOid,
    parentOid: baseOid,
    oid,
    identity: { name: 'Ada', email: 'ada@example.org' },
    maxCommits: 10,
    signal: new AbortController().signal,
    ...changes,
  })

test('a commit on top of the base is fine', async () => {
  const base = source.commit({ a: '1' })
  const oid = source.commit({ a: '2' }, 'Second\n\nBody')
  expect(await check(base, oid)).toEqual({ ok: true, subject: 'Second', warnings: [] })
})

test.each(['HEAD:deep/file', 'HEAD:deep', 'HEAD^{tree}'])(
  'an object that is missing (%s) is noticed by itself, without the strict index',
  async (missing) => {
    const base = source.commit({ a: '1' })
    const oid = source.commit({ 'deep/file': 'content' })
    const lost = source.git(['rev-parse', missing])
    rmSync(join(source.path, '.git/objects', lost.slice(0, 2), lost.slice(2)))
    expect(await check(base, oid)).toMatchObject({ ok: false, message: expect.stringContaining('lacks objects') })
  },
)

test('too many commits are sent back', async () => {
  const base = source.commit({ a: '1' })
  source.commit({ a: '2' })
  const oid = source.commit({ a: '3' })
  expect(await check(base, oid, { maxCommits: 1 })).toMatchObject({ ok: false, message: expect.stringContaining('2 commits') })
})

test('a commit in somebody else’s name is shown to a person', async () => {
  const base = source.commit({ a: '1' })
  const oid = source.commit({ a: '2' })
  expect(await check(base, oid, { identity: { name: 'Slipway', email: 'slipway@localhost' } })).toMatchObject({
    ok: true,
    warnings: [{ rule: 'foreign-author', message: expect.stringContaining('ada@example.org') }],
  })
})
