// The disk of a workspace: a file with an ext4 file system in it, mounted while somebody needs it, where we may mount; else a plain
// directory that a watchdog measures.

import {
  chownSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { isDiskFull } from '@slipway/core/errors/disk-full'
import { isOwnerAlive, ownerMark } from '../host/owner.ts'
import { runProgram } from '../host/run-program.ts'
import { ownedDirectory, type State } from '../host/state.ts'

export interface Disk {
  tree: string
  isBounded: boolean
  /**
   * To be called once nothing that was started on it is left: the mount goes with whoever needs it last, in this process or any other.
   * A mount for each session that ever ran would slow every start down, and devices for them run out.
   */
  release(): Promise<void>
}

/**
 * Whether loop mounts work here; tried with a small image, once for each start of the machine where they work.
 * Rejects when the disk is full, which shows nothing about mounts.
 */
export async function canMountImages(state: State): Promise<boolean> {
  if (!state.isRoot) return false
  const here = placeAndRights()
  if (here !== '' && readText(mountedBefore(state)) === here) return true
  const probe = join(state.root, 'run', `probe-${ownerMark()}`)
  try {
    mkdirSync(join(probe, 'tree'), { recursive: true })
    await mountFresh(join(probe, 'disk.img'), join(probe, 'tree'), 4 * 1024 * 1024)
    await runProgram('umount', [join(probe, 'tree')])
    writeFileSync(mountedBefore(state), here)
    return true
  } catch (error) {
    if (isDiskFull(error)) throw error
    return false
  } finally {
    await removeProbe(probe)
  }
}

/** To be called when a sandbox does not come up because of its disk: the next process finds out anew. */
export function forgetMounts(state: State): void {
  rmSync(mountedBefore(state), { force: true })
}

const mountedBefore = (state: State): string => join(state.root, 'run', 'can-mount')

/** Another boot, container or set of capabilities may not be allowed what this one was. Empty: cannot be told. */
function placeAndRights(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const capabilities = /^CapEff:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
    return [boot, readlinkSync('/proc/self/ns/mnt'), readlinkSync('/proc/self/ns/user'), capabilities].join(' ')
  } catch {
    return ''
  }
}

/** What stays behind is tiny; what it was to show is known. */
async function removeProbe(probe: string): Promise<void> {
  try {
    await closeDisk(probe)
    rmSync(probe, { recursive: true, force: true })
  } catch {
    /* a broken file system in a full disk cannot always be read */
  }
}

interface OpenDiskInput {
  directory: string
  bytes: number
  isBounded: boolean
  owner: { uid: number; gid: number }
}

/** The work tree of a workspace, mounted and owned by the sandbox user. */
export function openDisk(input: OpenDiskInput): Promise<Disk> {
  // At once: whoever holds the workspace now is asked right before.
  writeFileSync(join(input.directory, MOUNTED_BY), ownerMark())
  return inTurn(input.directory, () => openAlone(input))
}

async function openAlone(input: OpenDiskInput): Promise<Disk> {
  const tree = join(input.directory, 'tree')
  const image = join(input.directory, 'disk.img')
  if (!input.isBounded) return unbounded(tree, input.owner)
  // An image has its name once it is ready; a mount without one is what a crash left half done.
  if (isMounted(tree) && !existsSync(image)) await runProgram('umount', [tree])
  if (existsSync(tree) && !existsSync(image) && readdirSync(tree).length > 0) return unbounded(tree, input.owner)
  mkdirSync(tree, { recursive: true })
  for (let attempt = 1; ; attempt += 1) {
    if (!isMounted(tree)) await mountWorkTree(image, tree, input)
    // Another process may have taken it away since; from here on it cannot.
    const pin = pinMount(tree)
    if (pin !== null) return { tree, isBounded: true, release: () => release(pin) }
    if (attempt === MOUNT_ATTEMPTS) throw new Error(`the disk of the work tree at ${tree} was taken away again and again`)
  }
}

const unbounded = (tree: string, owner: { uid: number; gid: number }): Disk => ({
  tree: ownedDirectory(tree, owner),
  isBounded: false,
  release: async () => undefined,
})

async function mountWorkTree(image: string, tree: string, input: OpenDiskInput): Promise<void> {
  if (existsSync(image) && (await wasCutOff(image))) rmSync(image)
  if (existsSync(image)) await runProgram('mount', ['-o', MOUNT_OPTIONS, image, tree])
  else await makeImage(image, tree, input)
}

const MOUNT_ATTEMPTS = 5

/** Of each mounted file system that this process needs: how many need it. */
const pins = new Map<number, number>()

/** Keeps the mount from being taken away by anybody: the kernel says that it is busy. null: nothing is mounted there. */
function pinMount(tree: string): number | null {
  const pin = openSync(tree, constants.O_RDONLY | constants.O_DIRECTORY)
  const { dev } = fstatSync(pin)
  if (dev === statSync(dirname(tree)).dev) {
    closeSync(pin)
    return null
  }
  pins.set(dev, (pins.get(dev) ?? 0) + 1)
  return pin
}

async function release(pin: number): Promise<void> {
  const { dev } = fstatSync(pin)
  // The directory may have got another name since.
  const tree = readlinkSync(`/proc/self/fd/${pin}`)
  const left = (pins.get(dev) ?? 1) - 1
  if (left > 0) pins.set(dev, left)
  else pins.delete(dev)
  closeSync(pin)
  if (left === 0) await inTurn(dirname(tree), async () => (pins.has(dev) ? undefined : closeDisk(dirname(tree))))
}

const turns = new Map<string, Promise<unknown>>()

/** What is mounted and taken away at one place, one after another. */
function inTurn<T>(directory: string, job: () => Promise<T>): Promise<T> {
  const mine = (turns.get(directory) ?? Promise.resolve()).then(job)
  const settled = mine.catch(() => undefined)
  turns.set(directory, settled)
  void settled.then(() => {
    if (turns.get(directory) === settled) turns.delete(directory)
  })
  return mine
}

/** Offset of `s_state` in an ext4 image: https://docs.kernel.org/filesystems/ext4/super.html */
const STATE_AT = 1024 + 0x3a
const CLEANLY_UNMOUNTED = 1

/**
 * Whether the machine went down while the image was mounted. Without a journal nothing in it can be relied on then; the work tree
 * comes back from its checkpoint. An image that some process still has mounted is not clean either, and is well.
 */
async function wasCutOff(image: string): Promise<boolean> {
  if (isClean(image)) return false
  const { stdout } = await runProgram('losetup', ['--associated', image])
  // The last process that had it may have gone since: the kernel marks it clean first, and lets go of it then.
  return stdout.trim() === '' && !isClean(image)
}

function isClean(image: string): boolean {
  const state = Buffer.alloc(2)
  const fd = openSync(image, 'r')
  readSync(fd, state, 0, 2, STATE_AT)
  closeSync(fd)
  return (state.readUInt16LE() & CLEANLY_UNMOUNTED) !== 0
}

async function makeImage(
  image: string,
  tree: string,
  { bytes, owner }: { bytes: number; owner: { uid: number; gid: number } },
): Promise<void> {
  const unfinished = `${image}.new`
  // Another file under the same name: the kernel may still hold the one that a crash left.
  rmSync(unfinished, { force: true })
  await mountFresh(unfinished, tree, bytes)
  chownSync(tree, owner.uid, owner.gid)
  renameSync(unfinished, image)
}

/** Takes away the mounts of processes that died without doing so. `isUsed` says of a workspace's directory that something still runs on it. */
export async function closeAbandonedDisks(root: string, isUsed: (directory: string) => boolean): Promise<void> {
  for (const tree of mountPoints().filter((path) => path.startsWith(`${root}/`))) {
    const directory = dirname(tree)
    const probedBy = /\/probe-(\d+:\d+)$/.exec(directory)?.[1]
    if (isOwnerAlive(probedBy ?? readMark(directory)) || (probedBy === undefined && isUsed(directory))) continue
    await runProgram('umount', [tree]).catch(() => undefined)
    if (probedBy !== undefined) rmSync(directory, { recursive: true, force: true })
  }
}

/** Work trees that are used once, by the process that made them: those of verifications, and those kept ready for a session. */
const usedOnce = /^(verify|spare)-/

/** Deletes such work trees of processes that died before they did. `isUsed` as above. */
export async function deleteAbandonedOnce(root: string, isUsed: (directory: string) => boolean): Promise<void> {
  for (const directory of readdirSync(root).map((key) => join(root, key))) {
    const name = readText(join(directory, 'name'))
    const mark = readMark(directory)
    if (!usedOnce.test(name) || mark === '' || isOwnerAlive(mark) || isUsed(directory)) continue
    await deleteDisk(directory)
    rmSync(directory, { recursive: true, force: true })
  }
}

function readText(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}

function readMark(directory: string): string {
  return readText(join(directory, MOUNTED_BY))
}

/** Takes the mount away; the files stay in the image. A mount that is in use elsewhere stays. */
export async function closeDisk(directory: string): Promise<void> {
  const tree = join(directory, 'tree')
  if (isMounted(tree)) await runProgram('umount', [tree]).catch(() => undefined)
}

/** Deletes the work tree for good. No process may be using it; those that used it may still be letting go of it. */
export function deleteDisk(directory: string): Promise<void> {
  return inTurn(directory, async () => {
    const tree = join(directory, 'tree')
    await closeDisk(directory)
    // Who has just let go of it may live in another process, which takes the mount away at the same moment.
    if (isMounted(tree)) await runProgram('umount', ['-l', tree]).catch((error: unknown) => refuseIf(isMounted(tree), error))
    rmSync(join(directory, 'disk.img'), { force: true })
    rmSync(tree, { recursive: true, force: true })
  })
}

function refuseIf(isWrong: boolean, error: unknown): void {
  if (isWrong) throw error
}

const MOUNT_OPTIONS = 'loop,nosuid,nodev,noatime'
/** Names the process that needs the work tree. */
const MOUNTED_BY = 'mounted-by'

async function mountFresh(image: string, tree: string, bytes: number): Promise<void> {
  writeFileSync(image, '', { mode: 0o600 })
  truncateSync(image, bytes)
  try {
    // No journal: after a crash of the machine the work tree comes back from its checkpoint.
    await runProgram('mkfs.ext4', ['-q', '-F', '-m', '0', '-O', '^has_journal', '-E', 'lazy_itable_init=1,nodiscard', '-I', '256', image])
    await runProgram('mount', ['-o', MOUNT_OPTIONS, image, tree])
    rmSync(join(tree, 'lost+found'), { recursive: true, force: true })
  } catch (error) {
    rmSync(image, { force: true })
    throw error
  }
}

function isMounted(path: string): boolean {
  return mountPoints().includes(path)
}

function mountPoints(): string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
}
