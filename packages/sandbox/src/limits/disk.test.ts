import { execFile, execFileSync, spawnSync } from 'node:child_process'
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
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownerMark } from '../host/owner.ts'
import { closeAbandonedDisks, closeDisk, deleteAbandonedOnce, leaveDisk, openDisk } from './disk.ts'

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
  await closeDisk(directory)
  rmSync(root, { recursive: true, force: true })
})

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

  const { tree, isBounded } = await openDisk({ directory, bytes, isBounded: true, owner })
  expect([isBounded, statSync(tree).uid, isMounted()]).toEqual([true, owner.uid, true])
})

test('a finished disk is mounted again with what is in it', async () => {
  const { tree } = await openDisk({ directory, bytes, isBounded: true, owner })
  writeFileSync(join(tree, 'kept.txt'), 'kept')
  await closeDisk(directory)
  expect(isMounted()).toBe(false)
  await openDisk({ directory, bytes, isBounded: true, owner })
  expect(readFileSync(join(tree, 'kept.txt'), 'utf8')).toBe('kept')
})

test('a disk that was mounted when the machine went down is made anew; one that is mounted elsewhere is not', async () => {
  const { tree } = await openDisk({ directory, bytes, isBounded: true, owner })
  writeFileSync(join(tree, 'kept.txt'), 'kept')
  const image = join(directory, 'disk.img')
  execFileSync('sync', ['--file-system', tree])
  execFileSync('cp', [image, join(root, 'as-it-was')])
  const elsewhere = join(root, 'elsewhere')
  mkdirSync(elsewhere)
  execFileSync('mount', ['--bind', tree, elsewhere])
  try {
    await closeDisk(directory)
    await openDisk({ directory, bytes, isBounded: true, owner })
    expect(readFileSync(join(tree, 'kept.txt'), 'utf8')).toBe('kept')
  } finally {
    execFileSync('umount', [elsewhere])
  }
  await closeDisk(directory)
  renameSync(join(root, 'as-it-was'), image)
  await openDisk({ directory, bytes, isBounded: true, owner })
  expect([readdirSync(tree), isMounted()]).toEqual([[], true])
})

test('a disk whose last user goes away just when it is needed again keeps what is in it', async () => {
  const { tree } = await openDisk({ directory, bytes, isBounded: true, owner })
  writeFileSync(join(tree, 'kept.txt'), 'kept')
  const elsewhere = join(root, 'elsewhere')
  mkdirSync(elsewhere)
  for (let round = 0; round < 10; round++) {
    execFileSync('mount', ['--bind', tree, elsewhere])
    await closeDisk(directory)
    const leaving = promisify(execFile)('umount', [elsewhere])
    await openDisk({ directory, bytes, isBounded: true, owner })
    await leaving
    expect([round, readdirSync(tree)]).toEqual([round, ['kept.txt']])
  }
})

test('a process that ends leaves a mount alone that another one has come to need', async () => {
  await openDisk({ directory, bytes, isBounded: true, owner })
  writeFileSync(join(directory, 'mounted-by'), '1:1')
  await leaveDisk(directory)
  expect(isMounted()).toBe(true)
  writeFileSync(join(directory, 'mounted-by'), ownerMark())
  await leaveDisk(directory)
  expect(isMounted()).toBe(false)
})

test('a mount is taken away once its process is gone, unless something still runs on it', async () => {
  await openDisk({ directory, bytes, isBounded: true, owner })
  await closeAbandonedDisks(root, () => false)
  expect([readFileSync(join(directory, 'mounted-by'), 'utf8'), isMounted()]).toEqual([ownerMark(), true])

  writeFileSync(join(directory, 'mounted-by'), deadMark())
  await closeAbandonedDisks(root, () => true)
  expect(isMounted()).toBe(true)
  await closeAbandonedDisks(root, () => false)
  expect(isMounted()).toBe(false)
})

test('the work tree of a verification goes with its process, and no other one does', async () => {
  const { tree } = await openDisk({ directory, bytes, isBounded: true, owner })
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
