// A file system of its own, in a file: it can be filled, and it can lose what was not synced, as in a power loss.

import { execFile, spawnSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

export interface MountedDisk {
  /** Its root. */
  path: string
  /** Takes all space but so much. */
  fill(leftBytes: number): void
  /** Gives that space back. */
  free(): void
  /** Drops what was not synced. In the dark `end` ends what was at work, and so does every process that uses the disk; then it is mounted again. */
  losePower(end: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

const run = promisify(execFile)
const releaseDeadlineMs = 20_000
/** What the file system needs for itself, and what others take meanwhile. */
const roundingBytes = 4 * 1024 * 1024

/** Throws where file systems cannot be mounted: that takes root. */
export async function mountDisk(bytes: number): Promise<MountedDisk> {
  if (process.getuid?.() !== 0) throw new Error('This proof mounts file systems of its own, so it has to run as root. Run it with sudo.')
  const base = await mkdtemp(join(tmpdir(), 'slipway-disk-'))
  await chmod(base, 0o711)
  const image = join(base, 'image')
  const path = join(base, 'disk')
  const ballast = join(path, 'ballast')
  closeSync(openSync(image, 'wx'))
  truncateSync(image, bytes)
  mkdirSync(path)
  await run('mkfs.ext4', ['-q', '-F', '-m', '0', image])
  // Sandboxes and other programs have views of the mounts of their own; what goes here shall go there too.
  await run('mount', ['--bind', base, base])
  await run('mount', ['--make-shared', base])
  const mount = (): Promise<unknown> => run('mount', ['-o', 'loop', image, path])
  await mount()
  await chmod(path, 0o711)

  async function release(): Promise<void> {
    for (const deadline = performance.now() + releaseDeadlineMs; performance.now() < deadline; await delay(50)) {
      for (const pid of usersOf(path)) kill(pid)
      for (const place of mountsBelow(path)) await run('umount', [place]).catch(() => undefined)
      const { stdout } = await run('losetup', ['--associated', image])
      if (mountsBelow(path).length === 0 && stdout === '') return
    }
    throw new Error(`${path} is still in use: ${mountsBelow(path).join(', ')} ${usersOf(path).map(commandOf).join(', ')}`)
  }

  return {
    path,
    fill(leftBytes) {
      const available = (): number => {
        const { bavail, bsize } = statfsSync(path)
        return bavail * bsize
      }
      const most = (): number => available() - leftBytes - roundingBytes
      while (most() > 0 && !allocate(ballast, most()));
      const file = openSync(ballast, 'a')
      try {
        while (available() > leftBytes) writeSync(file, Buffer.alloc(64 * 1024))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      } finally {
        closeSync(file)
      }
    },
    free: () => rmSync(ballast, { force: true }),
    async losePower(end) {
      await shutDown(path)
      await end()
      await release()
      await mount()
    },
    async close() {
      await release().catch((error: unknown) => console.error(error))
      await run('umount', [base]).catch(() => undefined)
      await rm(base, { recursive: true, force: true })
    },
  }
}

/** False when what is at work on the disk took some of the space meanwhile. */
function allocate(file: string, bytes: number): boolean {
  const { status, stderr, error } = spawnSync('fallocate', ['--length', String(bytes), file], { encoding: 'utf8' })
  if (status === 0) return true
  if (/No space left/.test(stderr ?? '')) return false
  throw error ?? new Error(stderr)
}

/** EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: see fs/ext4/ioctl.c of the kernel. */
async function shutDown(path: string): Promise<void> {
  const script = 'open(my $root, "<", $ARGV[0]) or die "$!"; my $flags = pack("L", 2); ioctl($root, 0x8004587d, $flags) or die "$!"'
  await run('perl', ['-e', script, path])
}

/** The deepest first. */
function mountsBelow(path: string): string[] {
  return readText('/proc/self/mounts')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place === path || place.startsWith(`${path}/`))
    .toReversed()
}

/** Processes with anything of it open, or with a view of it. */
function usersOf(path: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid) return []
    const places = [`/proc/${pid}/cwd`, `/proc/${pid}/exe`, ...filesOf(pid)].map(readLink)
    return places.some((place) => place.startsWith(path)) || commandOf(pid).includes(path) ? [pid] : []
  })
}

function filesOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => `/proc/${pid}/fd/${name}`)
  } catch {
    return []
  }
}

function commandOf(pid: number): string {
  return readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    /* gone already */
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
