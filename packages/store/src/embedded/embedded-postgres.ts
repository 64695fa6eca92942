// A real PostgreSQL server that several Slipway processes of one home share: the first starts it, the last stops it.

import { existsSync } from 'node:fs'
import { chmod, mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDiskFull } from '@slipway/core/errors/disk-full'
import { DatabaseProblem } from '../database-problem.ts'
import { ensureDataFolder } from './data-folder.ts'
import { withFileLock } from './file-lock.ts'
import { keepRunning } from './keep-running.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import {
  lastLines,
  runningPostmaster,
  serverAddress,
  serverFailed,
  startPostmaster,
  stopPostmaster,
  waitForAnswer,
  type ServerAddress,
  type ServerFolders,
} from './postmaster.ts'
import { countUsers, registerUser, unregisterUser } from './server-users.ts'
import { ensureSocketFolder } from './socket-folder.ts'
import { likelyPrefix, unprivilegedPrefix } from './unprivileged.ts'

export interface EmbeddedServer {
  address: ServerAddress
  /** Stops the server when nobody else uses it. */
  leave(): Promise<void>
}

/** Longer than the slowest first start on a slow disk, which another process may be doing now. */
const lockDeadlineMs = 180_000
const orphansDeadlineMs = 15_000

/**
 * Joins the server of this home, starting it when it does not run, and again when it dies while in use. Throws DatabaseProblem.
 * `onBegun` is called when the server runs or its process was started.
 */
export async function joinEmbeddedServer(home: string, onBegun: () => void = () => undefined): Promise<EmbeddedServer> {
  const root = await ensureRoot(home)
  const folders: ServerFolders = { data: join(root, 'data'), socket: await ensureSocketFolder(root), log: join(root, 'server.log') }
  const users = join(root, 'users')
  const underLock = <T>(work: () => Promise<T>) => withFileLock(join(root, 'lock'), lockDeadlineMs, work)

  const user = await underLock(async () => {
    if (await isAnswering(folders)) onBegun()
    else await start(folders, onBegun)
    return registerUser(users)
  })
  const stopKeeping = keepRunning({
    // Without its data folder (a home that was deleted) there is nothing to bring back, and an empty database would be a lie.
    isDown: () => runningPostmaster(folders.data) === null && existsSync(join(folders.data, 'PG_VERSION')),
    restart: () =>
      underLock(async () => {
        if (!(await isAnswering(folders))) await start(folders)
      }),
  })

  async function leave(): Promise<void> {
    await stopKeeping()
    try {
      await underLock(async () => {
        await unregisterUser(users, user)
        if ((await countUsers(users)) === 0) await stopPostmaster(folders.data)
      })
    } catch (error) {
      if (!isDiskFull(error)) throw error
      // Without room for the lock the server goes on; whoever comes next finds it running.
      await unregisterUser(users, user)
    }
  }
  return { address: serverAddress(folders), leave }
}

/** Also true for a server that is still replaying its log, or was started from another process namespace, once it answers. */
async function isAnswering(folders: ServerFolders): Promise<boolean> {
  return (await waitForAnswer(folders, () => runningPostmaster(folders.data) === null)) === 'ready'
}

async function start(folders: ServerFolders, onStarted: () => void = () => undefined): Promise<void> {
  const binaries = await findPostgresBinaries()
  // Where a data folder was made, the prefix worked; it is tried out again only when the server does not come up.
  const prefix = existsSync(join(folders.data, 'PG_VERSION')) ? await likelyPrefix() : await unprivilegedPrefix()
  await ensureDataFolder({ data: folders.data, prefix, binaries })
  const orphansDeadline = Date.now() + orphansDeadlineMs
  for (;;) {
    const server = startPostmaster({ prefix, postgres: binaries.postgres, folders })
    onStarted()
    if ((await waitForAnswer(folders, () => server.hasEnded())) === 'ready') return
    await unprivilegedPrefix()
    // After a killed server its backends need a moment to notice, and its parent to learn of its end; until then PostgreSQL
    // rightly refuses a second one.
    const isHeld = /pre-existing shared memory block|lock file "postmaster.pid" already exists/.test(lastLines(folders.log))
    if (!isHeld || Date.now() > orphansDeadline) throw serverFailed('The embedded PostgreSQL server did not start.', folders)
    await sleep(200)
  }
}

/** Stops a server that only dead processes used, such as one left over from a kill. Returns whether none runs any more. */
export async function stopUnusedServer(home: string): Promise<boolean> {
  const root = await ensureRoot(home)
  return withFileLock(join(root, 'lock'), lockDeadlineMs, async () => {
    if ((await countUsers(join(root, 'users'))) > 0) return false
    await stopPostmaster(join(root, 'data'))
    return true
  })
}

async function ensureRoot(home: string): Promise<string> {
  const root = join(home, 'postgres')
  try {
    await mkdir(root, { recursive: true, mode: 0o700 })
    await chmod(root, 0o700)
    return await realpath(root)
  } catch (cause) {
    if (isDiskFull(cause))
      throw new DatabaseProblem(
        'disk-full',
        `The disk of ${home} is full.`,
        `Free some space; this says where it is missing: \`df -h ${home}\``,
        { cause },
      )
    throw new DatabaseProblem(
      'home-not-writable',
      `The folder ${root} cannot be made or written (${(cause as NodeJS.ErrnoException).code}).`,
      'Set SLIPWAY_HOME to a folder on a local disk that belongs to you.',
      { cause },
    )
  }
}
