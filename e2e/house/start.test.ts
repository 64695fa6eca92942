// The start script, in a checkout of its own whose npm only writes down that it was called.

import { execFile, spawn } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

let checkout: string
let environment: Record<string, string>

beforeEach(async () => {
  checkout = await realpath(await mkdtemp(join(tmpdir(), 'slipway-start-')))
  for (const path of ['scripts/start', 'scripts/set-up.mjs', 'slipway', 'apps/cli/src/start.mjs'])
    await cp(join(root, path), join(checkout, path))
  await write('package.json', '{"type":"module"}')
  await lock('sha512-one')
  await write(
    'apps/cli/src/main.ts',
    'const words: string[] = process.argv.slice(2)\nconsole.log(JSON.stringify({ words, folder: process.cwd() }))\n',
  )
  await write(
    'bin/npm',
    '#!/bin/sh\necho "$@" >> npm-calls\nsleep 0.2\nmkdir -p node_modules/thing && cp package-lock.json node_modules/.package-lock.json\n',
  )
  await chmod(join(checkout, 'bin/npm'), 0o755)
  environment = { HOME: checkout, PATH: `${join(checkout, 'bin')}:${dirname(process.execPath)}:/usr/bin:/bin` }
})

afterEach(() => rm(checkout, { recursive: true, force: true }))

test('the first start installs, quietly on standard output, and later ones do not', async () => {
  expect((await slipway('one')).stdout).toBe(`{"words":["one"],"folder":"/"}\n`)
  expect(await slipway('two')).toMatchObject({ stdout: `{"words":["two"],"folder":"/"}\n`, stderr: '' })
  expect(await npmCalls()).toBe(1)
})

test('no package’s install script runs', async () => {
  await slipway()
  expect(await readFile(join(checkout, 'npm-calls'), 'utf8')).toMatch(/^ci --ignore-scripts /)
})

test('a changed lock file installs again', async () => {
  await slipway()
  await lock('sha512-two')
  await slipway()
  expect(await npmCalls()).toBe(2)
})

test('packages that npm installed meanwhile are not installed again', async () => {
  await slipway()
  await lock('sha512-two')
  await cp(join(checkout, 'package-lock.json'), join(checkout, 'node_modules/.package-lock.json'))
  await slipway()
  expect(await npmCalls()).toBe(1)
})

test('starts at the same time install once', async () => {
  await Promise.all([slipway('a'), slipway('b'), slipway('c')])
  expect(await npmCalls()).toBe(1)
})

test('an installation that fails stops the start with a reason', async () => {
  await write('bin/npm', '#!/bin/sh\necho "no network" >&2\nexit 1\n')
  await expect(slipway()).rejects.toMatchObject({ code: 69, stderr: expect.stringMatching(/no network[^]*npm could not install/) })
})

test('what lies beside the packages is completed by who sets the checkout up', async () => {
  await write(
    'packages/store/src/embedded/postgres-binaries.ts',
    `import { writeFileSync } from 'node:fs'
    export const findPostgresBinaries = async (): Promise<void> => writeFileSync(new URL('completed', import.meta.url), '')\n`,
  )
  await slipway()
  expect(await readdir(join(checkout, 'packages/store/src/embedded'))).toContain('completed')
})

test('an account that may not write a checkout that is not set up is told who sets it up', async () => {
  if (process.getuid?.() !== 0) throw new Error('Only root can start a program as somebody else, so this test has to run as root.')
  await chmod(checkout, 0o755)
  const starting = run(join(checkout, 'slipway'), [], { cwd: '/', env: environment, uid: 65_534, gid: 65_534 })
  await expect(starting).rejects.toMatchObject({
    code: 69,
    stderr: `slipway: The packages of this version are not set up, and this user may not write in ${checkout}. Run once as its owner: ${checkout}/slipway --help\n`,
  })
})

test('a symlink from elsewhere starts the same program', async () => {
  const link = join(checkout, 'elsewhere')
  await symlink(join(checkout, 'slipway'), link)
  expect((await run(link, ['--x', 'a b'], { cwd: '/', env: environment })).stdout).toBe(`{"words":["--x","a b"],"folder":"/"}\n`)
})

test('a folder with spaces and letters beyond ASCII is a folder like others', async () => {
  const folder = join(checkout, 'Jürgen’s 100%20 things')
  for (const path of ['scripts', 'slipway', 'apps', 'bin', 'package.json', 'package-lock.json'])
    await cp(join(checkout, path), join(folder, path), { recursive: true })
  const { stdout } = await run(join(folder, 'slipway'), ['one'], { cwd: '/', env: environment })
  expect(stdout).toBe(`{"words":["one"],"folder":"/"}\n`)
  expect(await readdir(join(folder, 'node_modules/.slipway'))).toContain('compile-cache')
  expect((await readdir(checkout)).filter((name) => name.includes('things'))).toEqual(['Jürgen’s 100%20 things'])
})

test.each([
  ['000', 0o002],
  ['022', 0o022],
  ['027', 0o027],
])('under umask %s nobody else may write what is made, and no more is opened or closed', async (umask, expected) => {
  await write('apps/cli/src/main.ts', 'console.log(process.umask())\n')
  const { stdout } = await run('/bin/sh', ['-c', `umask ${umask} && exec "$0"`, join(checkout, 'slipway')], { cwd: '/', env: environment })
  expect(Number(stdout)).toBe(expected)
})

test('exit codes and signals are the program’s own', async () => {
  await write(
    'apps/cli/src/main.ts',
    "process.on('SIGINT', () => process.exit(7))\nsetInterval(() => undefined, 1000)\nconsole.log('ready')\n",
  )
  const child = spawn(join(checkout, 'slipway'), [], { env: environment, stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })))
  await new Promise((ready) => child.stdout.once('data', ready))
  child.kill('SIGINT')
  expect(await ended).toEqual({ code: 7, signal: null })
})

test('a machine without Node is told what to install', async () => {
  const without = await mkdtemp(join(tmpdir(), 'slipway-bare-'))
  for (const program of ['readlink', 'dirname', 'cmp', 'sh']) await symlink(`/usr/bin/${program}`, join(without, program))
  await expect(run('/bin/sh', [join(checkout, 'slipway')], { env: { PATH: without } })).rejects.toMatchObject({
    code: 69,
    stderr: expect.stringContaining('apt-get install nodejs npm'),
  })
  await rm(without, { recursive: true })
})

function slipway(...words: string[]) {
  return run(join(checkout, 'slipway'), words, { cwd: '/', env: environment })
}

async function npmCalls(): Promise<number> {
  return (await readFile(join(checkout, 'npm-calls'), 'utf8')).trim().split('\n').length
}

function lock(integrity: string) {
  return write('package-lock.json', JSON.stringify({ packages: { '': {}, 'node_modules/thing': { integrity } } }))
}

async function write(path: string, text: string) {
  await mkdir(dirname(join(checkout, path)), { recursive: true })
  await writeFile(join(checkout, path), text)
}
