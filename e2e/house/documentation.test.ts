// What the documents say about the code is compared with the code.

import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFile(join(root, path), 'utf8')

test('ARCHITECTURE.md lists every event, and no other', async () => {
  const source = await read('packages/core/src/events.ts')
  const union = /export type EventBody =([^]*?)\n\n/.exec(source)?.[1] ?? ''
  const types = [...union.matchAll(/\| (\w+)/g)].map(
    ([, name]) => new RegExp(`export interface ${name} \\{[^]*?type: '([a-z-]+)'`).exec(source)?.[1],
  )
  const table = /## Events\n([^]*?)\n\n`\(/.exec(await read('ARCHITECTURE.md'))?.[1] ?? ''
  const listed = [...table.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, type]) => type)
  expect(types.length).toBeGreaterThan(20)
  expect(new Set(listed)).toEqual(new Set(types))
})

test('links between documents lead somewhere', async () => {
  const dead: string[] = []
  for await (const path of glob(['*.md', 'docs/**/*.md', 'packages/*/*.md', 'apps/*/*.md', 'e2e/**/*.md', 'bench/*.md'], { cwd: root })) {
    for (const [, target] of (await read(path)).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (target !== undefined && !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(path), target)))
        dead.push(`${path}: ${target}`)
    }
  }
  expect(dead).toEqual([])
})

test('a package’s README has at most 40 lines', async () => {
  const long: string[] = []
  for await (const path of glob('packages/*/README.md', { cwd: root })) {
    if ((await read(path)).trimEnd().split('\n').length > 40) long.push(path)
  }
  expect(long).toEqual([])
})

test('every command that the README names is a target of the Makefile', async () => {
  const targets = [...(await read('Makefile')).matchAll(/^([a-z]+): ##/gm)].map(([, target]) => target)
  const named = [...`${await read('README.md')}${await read('CONTRIBUTING.md')}`.matchAll(/(?:^|`)make ([a-z]+)/gm)].map(
    ([, target]) => target,
  )
  expect(named.length).toBeGreaterThan(2)
  expect(named.filter((target) => !targets.includes(target))).toEqual([])
})
