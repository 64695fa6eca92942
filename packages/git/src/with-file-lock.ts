// One holder at a time among all processes that share a home folder, also when a holder is killed.
// The lock is a file made by link(2), which succeeds for one caller only. Its content names the holder: a holder that is not running
// any more, or whom a waiter sees show no life for a minute (it is frozen, or on a machine that is gone), loses the lock.

import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const heartbeatMs = 10_000
const usuallySilentForMs = 60_000

interface LockOptions {
  timeoutMs: number
  signal?: AbortSignal
  /** How long a holder shows no life before it loses the lock. */
  silentForMs?: number
}

/**
 * Runs `work` while holding the lock at `path`. Throws after `timeoutMs` of waiting, naming the holder. Whoever was frozen meanwhile may
 * find another holder beside it: what is done under the lock must bear that.
 */
export async function withFileLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const holder = await take(path, options)
  const heartbeat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), heartbeatMs)
  heartbeat.unref()
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    if ((await readHolder(path)) === holder) await rm(path, { force: true })
  }
}

async function take(path: string, options: LockOptions): Promise<string> {
  // Among the folders that a lock makes is the one of the mirrors, which hold other people's code.
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const id = randomUUID()
  const holder = JSON.stringify({ id, pid: process.pid, started: await startOf(process.pid), host: hostname() })
  const draft = `${path}.${id}`
  await writeFile(draft, holder, { mode: 0o600 })
  try {
    const deadline = Date.now() + options.timeoutMs
    const isSilent = watchSilence(path, options.silentForMs ?? usuallySilentForMs)
    while (!(await tryLink(draft, path))) {
      await removeIfDead(path, id, isSilent)
      options.signal?.throwIfAborted()
      if (Date.now() > deadline)
        throw new Error(
          `Waited ${options.timeoutMs} ms for ${path}, held by ${await readHolder(path)}. If that process hangs, end it and try again.`,
        )
      await delay(10 + Math.random() * 40)
    }
    return holder
  } finally {
    await rm(draft, { force: true })
  }
}

async function tryLink(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Counts only time in which this process ran: after a machine slept, nobody has shown life for long. */
function watchSilence(path: string, silentForMs: number): () => Promise<boolean> {
  let lastSign = ''
  let sinceMs = performance.now()
  return async () => {
    const { ino, mtimeMs } = await stat(path).catch(() => ({ ino: 0, mtimeMs: 0 }))
    const sign = `${ino} ${mtimeMs}`
    if (sign !== lastSign) sinceMs = performance.now()
    lastSign = sign
    return performance.now() - sinceMs > silentForMs
  }
}

async function removeIfDead(path: string, id: string, isSilent: () => Promise<boolean>): Promise<void> {
  const seen = await readHolder(path)
  if (seen === null || (!(await isSilent()) && (await mayBeAlive(seen)))) return
  const taken = `${path}.dead.${id}`
  try {
    await rename(path, taken)
  } catch {
    return
  }
  // Another waiter may have cleared the dead lock and taken it between our look and our rename: give it back.
  if ((await readHolder(taken)) !== seen) await tryLink(taken, path)
  await rm(taken, { force: true })
}

async function mayBeAlive(holder: string): Promise<boolean> {
  const parsed = parseHolder(holder)
  return parsed === null || parsed.host !== hostname() || (await startOf(parsed.pid)) === parsed.started
}

function parseHolder(text: string): { pid: number; started: string; host: string } | null {
  try {
    return JSON.parse(text) as { pid: number; started: string; host: string }
  } catch {
    return null
  }
}

async function readHolder(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null)
}

/** Start time of a running process, so that a reused pid is not mistaken for the holder; `running` where there is no /proc. */
async function startOf(pid: number): Promise<string> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (line !== null) return line.slice(line.lastIndexOf(')')).split(' ')[20] ?? 'unknown'
  try {
    process.kill(pid, 0)
    return 'running'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'running' : 'gone'
  }
}
