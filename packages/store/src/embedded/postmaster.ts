// One PostgreSQL server process and its data folder: is it there, start it, stop it.

import { execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, readlinkSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { DatabaseProblem } from '../database-problem.ts'
import { explainServer } from './explain-server.ts'
import { startTimeOf } from './process-identity.ts'

export interface ServerFolders {
  data: string
  /** Real path of the folder of the unix socket. */
  socket: string
  log: string
}

export interface ServerAddress {
  host: string
  port: number
  user: string
}

const startDeadlineMs = 60_000
/** Replaying the log after a power loss takes as long as there is log; the server says so while it does it. */
const recoveryDeadlineMs = 600_000
const stopDeadlineMs = 20_000
const largestLogBytes = 5_000_000

export function serverAddress(folders: ServerFolders): ServerAddress {
  return { host: folders.socket, port: 5432, user: 'slipway' }
}

/** The pid of the server that runs on this data folder, or null. A stale `postmaster.pid` does not deceive it. */
export function runningPostmaster(data: string): number | null {
  const pid = pidIn(join(data, 'postmaster.pid'))
  if (pid === null || startTimeOf(pid) === null) return null
  return worksIn(pid, data) ? pid : null
}

/** A server makes its data folder its working directory; another process that got the same id later does not. */
function worksIn(pid: number, data: string): boolean {
  try {
    if (process.platform === 'linux') return readlinkSync(`/proc/${pid}/cwd`) === data
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).includes(data)
  } catch {
    return false
  }
}

/** A server process that this process has just started. */
export interface StartedServer {
  hasEnded(): boolean
}

/** Starts a server that outlives this process and returns at once; `waitForAnswer` tells when it answers. The caller holds the lock. */
export function startPostmaster(input: { prefix: string[]; postgres: string; folders: ServerFolders }): StartedServer {
  const { folders } = input
  removeMisleadingLeftovers(folders)
  keepLogSmall(folders.log)
  const log = openSync(folders.log, 'a', 0o600)
  const [command, ...words] = [...input.prefix, input.postgres, '-D', folders.data, ...settings(folders)]
  if (command === undefined) throw new Error('The command to start PostgreSQL is empty.')
  let hasEnded = false
  const child = spawn(command, words, { cwd: '/', detached: true, stdio: ['ignore', log, log], env: serverEnvironment() })
  child.on('error', () => {
    hasEnded = true
  })
  child.on('exit', () => {
    hasEnded = true
  })
  child.unref()
  closeSync(log)
  return { hasEnded: () => hasEnded }
}

/**
 * PostgreSQL refuses to start when the id in a left-over pid file now belongs to another process of the same user.
 * Pid files with a free id are left to it: it also checks there that no orphaned backend still uses the data.
 */
function removeMisleadingLeftovers(folders: ServerFolders): void {
  for (const path of [join(folders.data, 'postmaster.pid'), join(folders.socket, '.s.PGSQL.5432.lock')]) {
    const pid = pidIn(path)
    if (pid !== null && startTimeOf(pid) !== null) rmSync(path, { force: true })
  }
}

function pidIn(path: string): number | null {
  try {
    const pid = Math.abs(Number.parseInt(readFileSync(path, 'utf8'), 10))
    return Number.isInteger(pid) && pid > 1 ? pid : null
  } catch {
    return null
  }
}

function settings(folders: ServerFolders): string[] {
  const values: Record<string, string | number> = {
    listen_addresses: '',
    unix_socket_directories: `"${folders.socket.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    max_connections: 200,
    shared_buffers: '64MB',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** Only what the server needs: it has no business with the keys that may be in our environment. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LANG: 'C.UTF-8', TZ: 'UTC' }
}

/** Waits until the server of this data folder answers, or `isGone` says that there is none. Throws with the end of its log after the deadline. */
export async function waitForAnswer(folders: ServerFolders, isGone: () => boolean): Promise<'ready' | 'gone'> {
  const startedAt = Date.now()
  for (;;) {
    const answer = await askServer(folders)
    if (answer === 'ready') return 'ready'
    if (isGone()) return 'gone'
    const waitedMs = Date.now() - startedAt
    if (waitedMs > (answer === 'recovering' ? recoveryDeadlineMs : startDeadlineMs)) {
      throw serverFailed(`The embedded PostgreSQL server did not answer within ${Math.round(waitedMs / 1000)} s.`, folders)
    }
    await sleep(20)
  }
}

/** One attempt to reach the server of this data folder. */
export async function askServer(folders: ServerFolders): Promise<'ready' | 'recovering' | 'silent'> {
  const client = new Client({ ...serverAddress(folders), database: 'postgres', connectionTimeoutMillis: 5_000, query_timeout: 5_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    return rows[0]?.data_directory === folders.data ? 'ready' : 'silent'
  } catch (error) {
    // cannot_connect_now: starting up, replaying its log, or shutting down.
    return (error as { code?: string }).code === '57P03' ? 'recovering' : 'silent'
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
export async function stopPostmaster(data: string): Promise<void> {
  const pid = runningPostmaster(data)
  if (pid === null) return
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    process.kill(pid, signal)
    const deadline = Date.now() + stopDeadlineMs
    while (runningPostmaster(data) === pid) {
      if (Date.now() > deadline) break
      await sleep(10)
    }
    if (runningPostmaster(data) !== pid) return
  }
}

export function serverFailed(what: string, folders: ServerFolders): DatabaseProblem {
  const tail = lastLines(folders.log)
  const known = explainServer(tail, folders.data)
  const reason = known?.cause === 'disk-full' ? ' The disk is full.' : ''
  return new DatabaseProblem(
    known?.cause ?? 'server-failed',
    `${what}${reason} Last lines of its log:\n${tail}`,
    known?.fix ?? `The whole log is in ${folders.log}`,
  )
}

/** The end of the server's log, for messages to people. */
export function lastLines(path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-15).join('\n')
  } catch {
    return '(no log)'
  }
}

function keepLogSmall(path: string): void {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (bytes > largestLogBytes) renameSync(path, `${path}.old`)
}
