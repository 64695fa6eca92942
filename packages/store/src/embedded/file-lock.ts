// A lock between processes, made of files that are created with O_EXCL semantics. It frees itself when its holder dies.
//
// The lock is the highest-numbered `lock.<n>` in a folder. Its content names the holder, or says that it was released.
// To take it, a process creates number n+1, which only one can do, and then looks again: a higher number means that it
// worked from an old listing and lost. The highest file is never deleted, so a stale lock can be taken over without the
// usual race in which the second of two cleaners deletes the first one's fresh lock.

import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, readdir, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDiskFull } from '@slipway/core/errors/disk-full'
import { DatabaseProblem } from '../database-problem.ts'
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.ts'

interface LockContent extends ProcessIdentity {
  released: boolean
}

/** Runs `work` while this process alone holds the lock of `folder`. Throws `locked` when it is not free before the deadline. */
export async function withFileLock<T>(folder: string, deadlineMs: number, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const held = await acquire(folder, Date.now() + deadlineMs)
  try {
    return await work()
  } finally {
    await release(folder, held)
  }
}

async function acquire(folder: string, deadline: number): Promise<number> {
  for (;;) {
    const highest = await highestNumber(folder)
    const holder = highest === 0 ? null : await readLock(folder, highest)
    if (holder !== null && !holder.released && isRunning(holder)) {
      if (Date.now() > deadline) throw lockedBy(folder, holder)
      await sleep(15)
      continue
    }
    const mine = highest + 1
    if ((await create(folder, mine)) && (await highestNumber(folder)) === mine) {
      await removeBelow(folder, mine)
      return mine
    }
  }
}

async function create(folder: string, number: number): Promise<boolean> {
  const temporary = join(folder, `new-${randomUUID()}`)
  try {
    await writeFile(temporary, JSON.stringify({ ...ownIdentity(), released: false } satisfies LockContent), { mode: 0o600 })
    // link() fails when the name exists and shows the content at once, unlike O_EXCL followed by a write.
    await link(temporary, lockPath(folder, number))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(temporary, { force: true })
  }
}

async function release(folder: string, number: number): Promise<void> {
  const temporary = join(folder, `new-${randomUUID()}`)
  const content = JSON.stringify({ ...ownIdentity(), released: true } satisfies LockContent)
  try {
    await writeFile(temporary, content, { mode: 0o600 })
    await rename(temporary, lockPath(folder, number))
  } catch (error) {
    await rm(temporary, { force: true })
    if (!isDiskFull(error)) throw error
    // A lock that stayed would keep this very process out from now on. In place it needs no room; the blank covers the longer "false".
    await writeFile(lockPath(folder, number), `${content} `, { flag: 'r+' })
  }
}

async function readLock(folder: string, number: number): Promise<LockContent | null> {
  try {
    return JSON.parse(await readFile(lockPath(folder, number), 'utf8')) as LockContent // written by this file only
  } catch {
    // Deleted since the listing, or cut by a power loss: nobody holds it.
    return null
  }
}

async function highestNumber(folder: string): Promise<number> {
  return Math.max(0, ...(await lockNumbers(folder)))
}

async function removeBelow(folder: string, number: number): Promise<void> {
  for (const old of await lockNumbers(folder)) {
    if (old < number) await unlink(lockPath(folder, old)).catch(() => undefined)
  }
}

async function lockNumbers(folder: string): Promise<number[]> {
  return (await readdir(folder)).flatMap((name) => {
    const match = /^lock\.(\d+)$/.exec(name)
    return match === null ? [] : [Number(match[1])]
  })
}

function lockPath(folder: string, number: number): string {
  return join(folder, `lock.${number}`)
}

function lockedBy(folder: string, holder: ProcessIdentity): DatabaseProblem {
  return new DatabaseProblem(
    'locked',
    `Process ${holder.pid} has been starting or stopping the database in ${folder} for too long.`,
    `Look at it with: ps -fp ${holder.pid}   If it hangs, end it with: kill ${holder.pid}   and try again.`,
  )
}
