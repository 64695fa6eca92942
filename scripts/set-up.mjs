// Brings a checkout to where `scripts/start` can run it: packages, a Node 24, the commit hooks.
// Runs under Node 20 and on a machine without any package yet, so it imports nothing but Node's own modules.

import { spawnSync } from 'node:child_process'
import { accessSync, constants, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = process.cwd()
const modules = join(root, 'node_modules')
const ready = join(modules, '.slipway')

if (major(process.versions.node) < 20) stop(`Node ${process.versions.node} is too old to set Slipway up: install Node 20 or newer.`)
for (const folder of [root, modules].filter(existsSync))
  if (!mayWrite(folder))
    stop(
      `The packages of this version are not set up, and this user may not write in ${folder}. Run once as its owner: ${root}/slipway --help`,
    )

if (!isInstalled()) {
  console.error('slipway: installing packages (once; again only when package-lock.json changes) …')
  rmSync(ready, { recursive: true, force: true })
  // `npm ci` takes every version from the lock file; `npm install` would choose others under an older Node.
  // No package's install script runs: none is needed, and it would be somebody else's code on this machine.
  run(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'],
    'npm could not install the packages; its message is above. Check the network, then try again.',
  )
}

const node = chooseNode()
mkdirSync(ready, { recursive: true })
rmSync(join(ready, 'node'), { force: true })
symlinkSync(node, join(ready, 'node'))
completeDatabase(node)
if (existsSync(join(root, '.git'))) spawnSync('git', ['config', '--local', 'core.hooksPath', '.githooks'], { cwd: root })
copyFileSync(join(root, 'package-lock.json'), join(ready, 'package-lock.json'))

/** True when npm's own record of node_modules holds everything that the lock file asks of this platform. */
function isInstalled() {
  const record = join(modules, '.package-lock.json')
  if (!existsSync(record)) return false
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true
    const found = installed[path]
    if (found === undefined) return entry.optional === true && !isForThisPlatform(entry)
    return found.integrity === entry.integrity && existsSync(join(root, path))
  })
}

/** Packages that name a C library are left to npm, which knows which one this machine has. */
function isForThisPlatform({ os, cpu, libc }) {
  const names = (list, value) => [list].flat().includes(value)
  return libc === undefined && names(os, process.platform) && names(cpu, process.arch)
}

/** The Node that came with the packages; where none runs (macOS, musl), the user's own if it is new enough. */
function chooseNode() {
  const packaged = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node')
  for (const candidate of [packaged, process.execPath]) {
    const version = spawnSync(candidate, ['--version'], { encoding: 'utf8' }).stdout ?? ''
    if (major(version.replace('v', '')) >= 24) return candidate
  }
  return stop(
    `Slipway needs Node 24 and brings it along on Linux (x64, arm64) only. Install Node 24 or newer, then try again (found ${process.versions.node}).`,
  )
}

function run(command, args, failure, cwd = root) {
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', process.stderr, process.stderr] })
  if (status !== 0) stop(failure)
}

/** The database's libraries lie beside the packages: who starts it first may not be the one who may write there. */
function completeDatabase(node) {
  const binaries = join(root, 'packages/store/src/embedded/postgres-binaries.ts')
  const script = 'await (await import(process.argv[1])).findPostgresBinaries()'
  // A machine without an embedded database is told so where one is needed.
  if (existsSync(binaries)) spawnSync(node, ['--input-type=module', '--eval', script, pathToFileURL(binaries).href], { stdio: 'ignore' })
}

function mayWrite(folder) {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function major(version) {
  return Number.parseInt(version, 10) || 0
}

function stop(message) {
  console.error(`slipway: ${message}`)
  process.exit(69)
}
