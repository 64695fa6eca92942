import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { refuseOthersRepository, refuseOthersScript } from './refuse-others-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'slipway-local-'))
const open = join(folder, 'open')
mkdirSync(join(open, 'app'), { recursive: true })
mkdirSync(join(folder, 'openly-not'))
symlinkSync(join(folder, 'openly-not'), join(open, 'link'))
afterAll(() => rmSync(folder, { recursive: true }))

const may = (ownerId: string, url: string, forge: 'local' | 'github' = 'local'): boolean => {
  try {
    refuseOthersRepository({ ownerId }, { url, forge, slug: null, base: null }, [open])
    return true
  } catch {
    return false
  }
}

test('a folder of the server is for its owner, and for others where it was opened to them', () => {
  expect([may('local', '/root'), may('bob', 'https://github.com/a/b', 'github'), may('bob', join(open, 'app'))]).toEqual([true, true, true])
  expect(
    ['/root', folder, join(folder, 'openly-not'), join(open, '../openly-not'), join(open, 'link'), join(open, 'none')].map((url) =>
      may('bob', url),
    ),
  ).toEqual(Array(6).fill(false))
})

test('a script is for the owner of the server, unless it is the usual model', () => {
  expect(() => refuseOthersScript({ ownerId: 'bob' }, ['scripted/x.yaml'], [])).toThrow('Choose another model')
  expect(() => refuseOthersScript({ ownerId: 'bob' }, ['scripted/x.yaml', 'openai/y'], ['scripted/x.yaml'])).not.toThrow()
  expect(() => refuseOthersScript({ ownerId: 'local' }, ['scripted/x.yaml'], [])).not.toThrow()
})
