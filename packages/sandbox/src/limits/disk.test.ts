import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownerMark } from '../host/owner.ts'
import {
  canMountImages,
  closeAbandonedDisks,
  closeDisk,
  deleteAbandonedOnce,
  deleteDisk,
  type Disk,
  forgetMounts,
  openDisk,
} from './disk.ts'

const owner = { uid: 64321, gid: 64321 }
const bytes = 16 * 1024 * 1024
let root: string
let directory: string

beforeEach(() => {
  if (process.getuid?.() !== 0) throw new Error('These tests mount images, so they have to run as root.')
  root = mkdtempSync(join(tmpdir(), 'slipway-disk-'))
  chmodSync(root, 0o711)
  directory = join(root, 'one')
  mkdirSync(directory)
})
afterEach(async () => {
  for (const disk of opened.splice(0)) await disk.release()
  await closeDisk(directory)
  rmSync(root, { recursive: true, force: true })
})

const opened: Disk[] = []

test('whether images can be mounted is tried once for a start of the machine, and again after trouble', async () => {
  const state = { root, isRoot: true, ...owner, installation: 'test' }
  const run = join(root, 'run')
  mkdirSync(run)
  const memory = join(run, 'can-mount')
  expect([await canMountImages(state), readdirSync(run)]).toEqual([true, ['can-mount']])
  const triedAt = statSync(memory).mtimeMs
  expect([await canMountImages(state), statSync(memory).mtimeMs]).toEqual([true, triedAt])
  writeFileSync(memory, 'another boot, or another container')
  expect(await canMountImages(state)).toBe(true)
  expect(readFileSync(memory, 'utf8')).not.toContain('another')
  forgetMounts(state)
  expect(existsSync(memory)).toBe(false)
})
async function open(): Promise<Disk> {
  const disk = await openDisk({ directory, bytes, isBounded: true, owner })
  opened.push(disk)
  return disk
}
const release = async (): Promise<void> => opened.pop()?.release()

/** Opens it in a process of its own, which then ends without a word. */
async function openAndDie(): Promise<void> {
  const input = JSON.stringify({ directory, bytes, isBounded: true, owner })
  const script = `import { openDisk } from '${new URL('disk.ts', import.meta.url)}'\nawait openDisk(${input})\nprocess.exit(0)`
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
}

const isMounted = (): boolean => readFileSync('/proc/self/mounts', 'utf8').includes(join(directory, 'tree'))

/** A process id that was given out and is free again. */
const deadMark = (): string => `${spawnSync('true').pid}:1`

test('a disk that was mounted but not finished when its process died is made anew and belongs to the sandbox user', async () => {
  const unfinished = join(directory, 'disk.img.new')
  writeFileSync(unfinished, '')
  truncateSync(unfinished, bytes)
  execFileSync('mkfs.ext4', ['-q', '-F', unfinished])
  mkdirSync(join(directory, 'tree'))
  execFileSync('mount', ['-o', 'loop', unfinished, join(directory, 'tree')])

  const { tree, isBounded } = await open()
  expect([isBounded, statSync(tree).uid, isMounted()]).toEqual([true, owner.uid, true])
})

test('a finished disk is mounted again with what is in it', async () => {
  const { tree } = await open()
  writeFileSync(join(tree, 'kept.txt'), 'kept')
  await release()
  expect(isMounted()).toBe(false)
  await open()
  expect(readFileSync(join(tree, 'kept.txt'), 'utf8')).toBe('kept')
})

test('a disk that was mounted when the machine went down is made anew; one that is mounted elsewhere is not', async () => {
  const { tree } = await open()
  writeFileSync(join(tree, 'kept.txt'), 'kept')
  const image = join(directory, 'disk.img')
  execFileSync('sync', ['--file-system', tree])
  execFileSync('cp', [image, join(root, 'as-it-was')])
  const elsewhere = join(root, 'elsewhere')
  mkdirSync(elsewhere)
  execFileSync('mount', ['--bind', tree, elsewhere])
  try {
    await release()
    expect(isMounted()).toBe(false)
    await open()
    expect(readFileSync(join(tree, 'kept.txt'), 'utf8')).toBe('kept')
  } finally {
    execFileSync('umount', [elsewhere])
  }
  await release()
  renameSync(join(root, 'as-it-was'), image)
  await open()
  expect([readdirSync(tree), isMounted()]).toEqual([[], true])
})

test('a disk whose last user goes away just when it is needed again keeps what is in it', async () => {
  const { tree } = await open()
  writeFileSync(join(tree, 'kept.txt'), 'kept')
  const elsewhere = join(root, 'elsewhere')
  mkdirSync(elsewhere)
  for (let round = 0; round < 10; round++) {
    execFileSync('mount', ['--bind', tree, elsewhere])
    await release()
    const leaving = promisify(execFile)('umount', [elsewhere])
    await open()
    await leaving
    expect([round, readdirSync(tree)]).toEqual([round, ['kept.txt']])
  }
})

test('the mount goes with whoever needs it last, under whatever name it has by then', async () => {
  await open()
  await open()
  await release()
  expect(isMounted()).toBe(true)
  const moved = join(root, 'moved')
  renameSync(directory, moved)
  await release()
  expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(join(moved, 'tree'))
})

test('a process that lets go leaves a mount alone that another one needs, and whoever opens it in between has it mounted', async () => {
  const { tree } = await open()
  const other = spawn('sleep', ['60'], { cwd: tree })
  await release()
  expect(isMounted()).toBe(true)
  const ended = new Promise((resolve) => other.once('exit', resolve))
  other.kill('SIGKILL')
  await ended
  for (let round = 0; round < 10; round++) {
    await open()
    const letGo = release()
    const { tree: again } = await open()
    await letGo
    writeFileSync(join(again, `round-${round}`), '')
    expect([round, isMounted(), readdirSync(again).length]).toEqual([round, true, round + 1])
    // Another process that only ever takes mounts away, such as one that lost its lease meanwhile.
    await release()
    const taking = promisify(execFile)('umount', [again]).catch(() => undefined)
    const held = await open()
    await taking
    expect(readdirSync(held.tree)).toHaveLength(round + 1)
    await release()
  }
})

test('a mount is taken away once its process is gone, unless something still runs on it or another one needs it', async () => {
  await openAndDie()
  const mark = readFileSync(join(directory, 'mounted-by'), 'utf8')
  expect([isMounted(), mark === ownerMark()]).toEqual([true, false])
  await closeAbandonedDisks(root, () => true)
  expect(isMounted()).toBe(true)
  await open()
  writeFileSync(join(directory, 'mounted-by'), mark)
  await closeAbandonedDisks(root, () => false)
  expect(isMounted()).toBe(true)
  await release()
  await openAndDie()
  expect(isMounted()).toBe(true)
  await closeAbandonedDisks(root, () => false)
  expect(isMounted()).toBe(false)
})

/** Moments in which two that take the same mount away may meet. */
const moments = Array.from({ length: 16 }, (_, ms) => ms)

test('a disk is deleted while its last user lets go of it', async () => {
  for (const moment of moments) {
    await open()
    const deleted = deleteDisk(directory)
    await delay(moment)
    await Promise.all([deleted, release()])
    expect([moment, isMounted(), readdirSync(directory)]).toEqual([moment, false, ['mounted-by']])
  }
})

test('a disk is deleted while another process takes its mount away', async () => {
  for (const moment of moments) {
    const { tree } = await open()
    const deleted = deleteDisk(directory)
    await delay(moment)
    const taken = promisify(execFile)('umount', ['-l', tree]).catch(() => undefined)
    await Promise.all([deleted, taken])
    await release()
    expect([moment, isMounted(), readdirSync(directory)]).toEqual([moment, false, ['mounted-by']])
  }
})

test('the work tree of a verification goes with its process, and no other one does', async () => {
  const { tree } = await open()
  const mark = join(directory, 'mounted-by')
  const sweep = async (name: string, isUsed = false): Promise<boolean> => {
    writeFileSync(join(directory, 'name'), name)
    await deleteAbandonedOnce(root, () => isUsed)
    return existsSync(tree)
  }
  expect(await sweep('verify-1')).toBe(true)
  writeFileSync(mark, deadMark())
  expect([await sweep('a-session'), await sweep('verify-1', true), await sweep('verify-1')]).toEqual([true, true, false])
  expect([isMounted(), existsSync(directory)]).toEqual([false, false])
})

test('a mount that is no disk of its own is never taken for one', async () => {
  const { tree } = await open()
  await release()
  execFileSync('mount', ['--bind', tree, tree])
  try {
    await expect(open()).rejects.toThrow('was taken away again and again')
  } finally {
    execFileSync('umount', [tree])
  }
  await open()
  expect(isMounted()).toBe(true)
})
