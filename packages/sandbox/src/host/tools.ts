// What each sandbox gets to see of ours, read-only: our Node, npm when it lies beside it or on the PATH, and the runner.
// It is copied out, because the originals may lie below a directory that the sandbox user cannot enter.

import { createHash, randomBytes } from 'node:crypto'
import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { compileRunner, runnerSources } from './compile-runner.ts'
import { runProgram } from './run-program.ts'

const copyDeadlineMs = 120_000

export interface Tools {
  /** Holds bin/node, bin/npm, lib/node_modules/npm. Seen inside as /opt/node. */
  node: string
  /** Holds main.cjs. Seen inside as /opt/slipway. */
  runner: string
}

/** Copies what is not there yet; safe to run from several processes at once. */
export async function installTools(directory: string, searchPath: string): Promise<Tools> {
  const node = await installNode(directory, findNpm(searchPath))
  return { node, runner: await installRunner(directory) }
}

async function installNode(directory: string, npm: string | null): Promise<string> {
  const stat = statSync(process.execPath)
  const key = createHash('sha256')
    .update(`${process.version} ${process.arch} ${stat.size} ${stat.mtimeMs} ${npm}`)
    .digest('hex')
    .slice(0, 12)
  return installOnce(join(directory, `node-${key}`), async (target) => {
    mkdirSync(join(target, 'bin'), { recursive: true })
    shareFile(realpathSync(process.execPath), join(target, 'bin', 'node'))
    if (npm === null) return
    mkdirSync(join(target, 'lib/node_modules'), { recursive: true })
    // Not `fs.cpSync`: where the disk has no room for a directory, it ends the whole process (Node 24.21).
    await runProgram('cp', ['-RL', '--', npm, join(target, 'lib/node_modules/npm')], copyDeadlineMs)
    for (const name of ['npm', 'npx']) symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(target, 'bin', name))
  })
}

async function installRunner(directory: string): Promise<string> {
  const sources = runnerSources()
  const hash = createHash('sha256').update(process.version)
  for (const [name, text] of sources) hash.update(name).update(text)
  return installOnce(join(directory, `runner-${hash.digest('hex').slice(0, 12)}`), async (target) => {
    mkdirSync(target, { recursive: true })
    for (const [name, text] of compileRunner(sources)) writeFileSync(join(target, name), text, { mode: 0o644 })
  })
}

/**
 * Fills a fresh directory and puts it in place in one step. Nothing of it is flushed, and a power loss may leave empty files behind
 * whole names; so the name holds the machine's boot, and what was made in an earlier one is not used again.
 */
async function installOnce(name: string, fill: (directory: string) => Promise<void>): Promise<string> {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)
  const target = `${name}-${boot}`
  if (existsSync(target)) return target
  removeEarlier(dirname(name), boot)
  const fresh = `${target}.${randomBytes(4).toString('hex')}`
  try {
    await fill(fresh)
    // Whatever the umask of this process: the sandbox user is somebody else.
    await runProgram('chmod', ['-R', 'a+rX', '--', fresh], copyDeadlineMs)
    renameSync(fresh, target)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(target)) throw error
  }
  return target
}

/** Nothing of an earlier boot can still be running. */
function removeEarlier(directory: string, boot: string): void {
  for (const name of readdirSync(directory)) {
    const madeIn = /^(?:node|runner)-[0-9a-f]{12}-([0-9a-f]{8})/.exec(name)?.[1]
    if (madeIn !== undefined && madeIn !== boot) rmSync(join(directory, name), { recursive: true, force: true })
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
