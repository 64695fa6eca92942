import { mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { restoreSymlinks } from './postgres-binaries.ts'

test('library links are made where the package lacks them, by several processes at once', async () => {
  const root = await mkdtemp(join(tmpdir(), 'slipway-binaries-'))
  await mkdir(join(root, 'native/lib'), { recursive: true })
  await writeFile(join(root, 'native/lib/libpq.so.5.18'), '')
  const links = ['libpq.so', 'libpq.so.5'].map((name) => ({ source: 'native/lib/libpq.so.5.18', target: `native/lib/${name}` }))
  await writeFile(join(root, 'native/pg-symlinks.json'), JSON.stringify(links))

  await Promise.all(Array.from({ length: 8 }, () => restoreSymlinks(root)))

  expect(await Promise.all(links.map(({ target }) => readlink(join(root, target))))).toEqual(['libpq.so.5.18', 'libpq.so.5.18'])
  await rm(root, { recursive: true })
})
