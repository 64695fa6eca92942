// What each sandbox gets to see of ours, read-only: our Node, npm when it lies beside it or on the PATH, and the runner.
// It is copied out, because the originals may lie below a directory that the sandbox user cannot enter.

import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { compileRunner, runnerSources } from './compile-runner.ts'

export interface Tools {
  /** Holds bin/node, bin/npm, lib/node_modules/npm. Seen inside as /opt/node. */
  node: string
  /** Holds main.cjs. Seen inside as /opt/slipway. */
  runner: string
}

/** Copies what is not there yet; safe to run from several processes at once. */
export function installTools(directory: string, searchPath: string): Tools {
  return { node: installNode(directory, findNpm(searchPath)), runner: installRunner(directory) }
}

function installNode(directory: string, npm: string | null): string {
  const stat = statSync(process.execPath)
  const key = createHash('sha256')
    .update(`${process.version} ${process.arch} ${stat.size} ${stat.mtimeMs} ${npm}`)
    .digest('hex')
    .slice(0, 12)
  return installOnce(join(directory, `node-${key}`), (target) => {
    mkdirSync(join(target, 'bin'), { recursive: true })
    shareFile(realpathSync(process.execPath), join(target, 'bin', 'node'))
    if (npm === null) return
    cpSync(npm, join(target, 'lib/node_modules/npm'), { recursive: true, dereference: true })
    for (const name of ['npm', 'npx']) symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(target, 'bin', name))
  })
}

function installRunner(directory: string): string {
  const sources = runnerSources()
  const hash = createHash('sha256').update(process.version)
  for (const [name, text] of sources) hash.update(name).update(text)
  return installOnce(join(directory, `runner-${hash.digest('hex').slice(0, 12)}`), (target) => {
    mkdirSync(target, { recursive: true })
    for (const [name, text] of compileRunner(sources)) writeFileSync(join(target, name), text, { mode: 0o644 })
  })
}

const FLUSH_LIMIT_MS = 60_000

/** Fills a fresh directory and puts it in place in one step. After a power loss it is there whole or not at all: nobody looks again. */
function installOnce(target: string, fill: (directory: string) => void): string {
  if (existsSync(target)) return target
  const fresh = `${target}.${randomBytes(4).toString('hex')}`
  fill(fresh)
  flush(fresh)
  try {
    renameSync(fresh, target)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  }
  return target
}

/** A disk that does not get it done in time is better than no sandboxes at all. */
function flush(directory: string): void {
  try {
    execFileSync('sync', ['--file-system', directory], { stdio: 'ignore', timeout: FLUSH_LIMIT_MS, env: { PATH: '/usr/bin:/bin' } })
  } catch {
    /* see above */
  }
}

/** A second name when it is the same file system (126 MB stay one), else a copy. */
function shareFile(from: string, to: string): void {
  try {
    if ((statSync(from).mode & 0o005) === 0o005) return linkSync(from, to)
  } catch {
    /* another file system */
  }
  copyFileSync(from, to, constants.COPYFILE_FICLONE)
}

/** The npm package directory that belongs to the first npm on the PATH, null when there is none. */
function findNpm(searchPath: string): string | null {
  const beside = join(dirname(dirname(realpathSync(process.execPath))), 'lib/node_modules/npm')
  if (existsSync(join(beside, 'bin/npm-cli.js'))) return beside
  for (const directory of searchPath.split(':').filter(Boolean)) {
    const command = join(directory, 'npm')
    if (!existsSync(command)) continue
    const target = dirname(dirname(realpathSync(command)))
    if (existsSync(join(target, 'bin/npm-cli.js'))) return target
  }
  return null
}
