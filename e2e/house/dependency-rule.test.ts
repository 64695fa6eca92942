// Plants violations in a copy of the checkout and lets the linter find them, so that a rule which stops working fails here.

import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

interface Plant {
  path: string
  code: string
  rule: string | null
}

const forbidden: [from: string, to: string][] = [
  ...pairs(['agent', 'sandbox', 'airlock', 'connectors', 'store']),
  ...['agent', 'sandbox', 'store'].map((from): [string, string] => [from, 'git']),
  ...['agent', 'sandbox', 'store', 'airlock', 'connectors'].map((to): [string, string] => ['git', to]),
  ...['core', 'git', 'agent', 'sandbox', 'airlock', 'connectors', 'store'].map((from): [string, string] => [from, 'server']),
]

const detours: Record<string, string> = {
  'a type import': "import type { X } from '@slipway/store/x'\nexport type Y = X\n",
  'an import type': "export type Y = import('@slipway/store/x').X\n",
  'an export from': "export { x } from '@slipway/store/x'\n",
  'an export of everything': "export * from '@slipway/store/x'\n",
  'an import at run time': "export const load = () => import('@slipway/store/x')\n",
  'a path into its folder': "export { x } from '../../store/src/x.ts'\n",
}

const impure: Record<string, string> = {
  'the clock': 'export const now = () => Date.now()\n',
  'a new Date of now': 'export const now = () => new Date()\n',
  chance: 'export const dice = () => Math.random()\n',
  'a global by another name': 'export const later = (done: () => void) => globalThis.setTimeout(done, 1)\n',
  'a Node module': "export { readFileSync } from 'node:fs'\n",
  'a package': "export { z } from 'zod'\n",
}

const ambient: Record<string, string> = {
  'a timer': 'export const later = (done: () => void) => setTimeout(done, 1)\n',
  'the process': 'export const folder = () => process.cwd()\n',
  'the network': "export const get = () => fetch('https://example.org')\n",
  'the console': "export const say = () => console.log('hello')\n",
}

const gateway: Record<string, string> = {
  'a model named by a string':
    "import { streamText } from 'ai'\nexport const run = () => streamText({ model: 'openai/gpt', prompt: '' })\n",
  'the gateway provider': "import { gateway } from 'ai'\nexport const model = gateway('openai/gpt')\n",
  'the gateway package': "export { gateway } from '@ai-sdk/gateway'\n",
}

const habits: Record<string, [rule: string, code: string]> = {
  'a promise left floating': [
    'typescript(no-floating-promises)',
    'export function start() {\n  Promise.resolve(1).then((n) => n + 1)\n}\n',
  ],
  any: ['typescript(no-explicit-any)', 'export const x = (y: any): unknown => y\n'],
  'a default export': ['import(no-default-export)', 'export default 1\n'],
  'the environment': ['node(no-process-env)', "export const home = process.env['HOME']\n"],
}

const plants: Record<string, Plant> = {}
for (const [from, to] of forbidden)
  plant(`${from} importing ${to}`, from, `import { x } from '@slipway/${to}/x'\nexport const y = x\n`, 'slipway(dependency-rule)')
for (const [how, code] of Object.entries(detours)) plant(`agent reaching for store by ${how}`, 'agent', code, 'slipway(dependency-rule)')
for (const [what, code] of Object.entries(impure)) plant(`core using ${what}`, 'core', code, 'slipway(pure-core)')
for (const [what, code] of Object.entries(gateway)) plant(`agent using ${what}`, 'agent', code, 'slipway(no-gateway)')
for (const [what, [rule, code]] of Object.entries(habits)) plant(`a file with ${what}`, 'store', code, rule)
for (const [from, to] of [
  ['agent', 'core'],
  ['airlock', 'git'],
  ['connectors', 'git'],
  ['git', 'core'],
] as const) {
  plant(`${from} using ${to}`, from, `export { x } from '@slipway/${to}/x'\n`, null)
}
plantInWeb('the web application importing store', "export { x } from '@slipway/store/x'\n", 'slipway(dependency-rule)')
plantInWeb(
  'the web application running the server’s contract',
  "export { x } from '@slipway/server/contract/x'\n",
  'slipway(dependency-rule)',
)
plantInWeb(
  'the web application taking types of the server that are no contract',
  "export type { X } from '@slipway/server/runtime'\n",
  'slipway(dependency-rule)',
)
plantInWeb(
  'the web application reaching for the server by its path',
  "export { x } from '../../server/src/x.ts'\n",
  'slipway(dependency-rule)',
)
plantInWeb('the web application using core', "export { x } from '@slipway/core/x'\n", null)
plantInWeb('the web application taking types of the contract', "export type { X } from '@slipway/server/contract/x'\n", null)
plant(
  'core turning a stored time into a date',
  'core',
  'export const day = (at: string) => new Date(at).toISOString().slice(0, 10)\n',
  null,
)

let copy: string
let found: Map<string, string[]>

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'slipway-lint-'))
  for (const path of ['oxlint.config.ts', 'tsconfig.json', 'package.json', 'lint'])
    await cp(join(root, path), join(copy, path), { recursive: true })
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const { path, code } of Object.values(plants)) await write(join(copy, path), code)
  await write(join(copy, 'packages/store/src/hen.ts'), "import { egg } from './egg.ts'\nexport const hen = () => egg\n")
  await write(join(copy, 'packages/store/src/egg.ts'), "import { hen } from './hen.ts'\nexport const egg = () => hen\n")
  found = await lint(copy)
})

afterAll(() => rm(copy, { recursive: true, force: true }))

describe('the linter refuses', () => {
  test.each(Object.entries(plants).filter(([, { rule }]) => rule !== null))('%s', (_, { path, rule }) => {
    expect(found.get(path)).toContain(rule)
  })
})

test('the linter refuses files that import each other', () => {
  expect(found.get('packages/store/src/hen.ts')).toContain('import(no-cycle)')
})

describe('the linter lets pass', () => {
  test.each(Object.entries(plants).filter(([, { rule }]) => rule === null))('%s', (_, { path }) => {
    expect(found.get(path) ?? []).toEqual([])
  })
})

describe('core does not compile with', () => {
  test.each(Object.entries(ambient))('%s', async (what, code) => {
    const folder = join(copy, 'ambient', what.replaceAll(' ', '-'))
    await write(join(folder, 'packages/core/src/planted.ts'), code)
    await cp(join(root, 'lint'), join(folder, 'lint'), { recursive: true })
    await cp(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'))
    await expect(
      promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', join(folder, 'lint/tsconfig.core.json')]),
    ).rejects.toMatchObject({
      stdout: expect.stringMatching(/planted\.ts.*error TS2\d+: Cannot find name/),
    })
  })
})

function pairs(names: string[]): [string, string][] {
  return names.flatMap((from) => names.filter((to) => to !== from).map((to): [string, string] => [from, to]))
}

function plant(name: string, part: string, code: string, rule: string | null) {
  plants[name] = { path: `packages/${part}/src/planted-${Object.keys(plants).length}.ts`, code, rule }
}

function plantInWeb(name: string, code: string, rule: string | null) {
  plants[name] = { path: `apps/web/src/planted-${Object.keys(plants).length}.ts`, code, rule }
}

async function write(path: string, text: string) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

/** File to the codes of the rules it broke. */
async function lint(folder: string): Promise<Map<string, string[]>> {
  const output = await promisify(execFile)(join(root, 'node_modules/.bin/oxlint'), ['-f', 'json'], {
    cwd: folder,
    maxBuffer: 1 << 26,
  }).catch((error: { stdout: string }) => error)
  const { diagnostics } = JSON.parse(output.stdout) as { diagnostics: { code: string; filename: string }[] }
  return new Map(
    Object.entries(Object.groupBy(diagnostics, ({ filename }) => filename)).map(([file, list]) => [
      file,
      (list ?? []).map(({ code }) => code),
    ]),
  )
}
