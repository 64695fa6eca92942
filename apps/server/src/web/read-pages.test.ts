import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inlineScriptHashes } from './inline-scripts.ts'
import { readPages, type Pages } from './read-pages.ts'

let folder: string
let pages: Pages | null
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-pages-'))
  for (const path of [
    'index.html',
    '404.html',
    'board.html',
    'board.txt',
    'board.txt.br',
    'sessions/_.html',
    'sessions/_.txt',
    'sessions/_/__next.$d$id.txt',
    '_next/static/a.js',
  ]) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), path === 'index.html' ? '<script>one()</script>' : path)
  }
  pages = await readPages(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test.each([
  ['/', 'index.html'],
  ['/board', 'board.html'],
  ['/board.txt', 'board.txt'],
  ['/sessions/01J-x_9', 'sessions/_.html'],
  ['/sessions/01J-x_9.txt', 'sessions/_.txt'],
  ['/sessions/01J/__next.$d$id.txt', 'sessions/_/__next.$d$id.txt'],
  ['/sessions/01J/__next.%24d%24id.txt', 'sessions/_/__next.$d$id.txt'],
  ['/_next/static/a.js', '_next/static/a.js'],
])('%s is answered with %s', (address, path) => {
  expect(pages?.find(address)?.path).toBe(path)
})

test.each(['/sessions', '/sessions/', '/sessions/a/b', '/sessions/..', '/board.txt.br', '/../etc/passwd', '/%zz', '/nowhere', '//board'])(
  'nothing lies at %s',
  (address) => {
    expect(pages?.find(address) ?? null).toBeNull()
  },
)

test('only what carries its content in its name is kept for good', () => {
  expect(pages?.find('/_next/static/a.js')?.isImmutable).toBe(true)
  expect(pages?.find('/board')?.isImmutable).toBe(false)
})

test('a page may run its own inline scripts, each named by its hash once', () => {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  const html =
    '<script src="/a.js"></script><script>one()</script><p><script id="b">\ntwo()\n</script><script>one()</script><script></script>'
  expect(inlineScriptHashes(html)).toEqual([hash('one()'), hash('\ntwo()\n')])
  expect(pages?.find('/')?.policy).toContain(`script-src 'self' ${hash('one()')};`)
  expect(pages?.find('/board.txt')?.policy).toBeNull()
})

test('a folder without pages is none', async () => {
  expect(await readPages(join(folder, 'nowhere'))).toBeNull()
})
