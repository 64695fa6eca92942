// What the doctor touches of the machine, as functions, so that a test can put a broken machine in its place.

import { execFile } from 'node:child_process'
import { access, constants, readFile, stat, statfs } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'

export type RunResult = { ok: true; stdout: string } | { ok: false; problem: 'missing' | 'timeout' | 'failed'; stderr: string }
export type WebAnswer = { ok: true; status: number; text: string; headers: Record<string, string> } | { ok: false; code: string }
export interface PathFacts {
  kind: 'directory' | 'other'
  ownerId: number
  mode: number
}

export interface Host {
  platform: NodeJS.Platform
  nodeVersion: string
  /** null where the platform has no user ids. */
  userId: number | null
  now(): number
  /** `unprivileged`: as nobody, when this process is root. */
  run(command: string, args: string[], options?: { unprivileged?: boolean }): Promise<RunResult>
  hasProgram(name: string): Promise<boolean>
  /** null: missing or not readable. */
  readText(path: string): Promise<string | null>
  /** null: missing. */
  look(path: string): Promise<PathFacts | null>
  canWrite(path: string): Promise<boolean>
  /** null: the file system does not say. */
  freeSpace(path: string): Promise<{ bytes: number; files: number } | null>
  /** Follows no redirect and gives up after three seconds. */
  get(url: string, headers: Record<string, string>): Promise<WebAnswer>
  getFromSocket(socketPath: string, path: string): Promise<WebAnswer>
  /** `free`, or the error code of listening there. */
  tryPort(host: string, port: number): Promise<string>
}

const DEADLINE_MS = 3_000
const RUN_DEADLINE_MS = 10_000
const NOBODY = 65_534
const LONGEST_ANSWER = 1_000_000

/** The machine as it is. `path` is the PATH that programs are looked up in. */
export function openHost(path: string): Host {
  const userId = process.getuid?.() ?? null
  return {
    platform: process.platform,
    nodeVersion: process.versions.node,
    userId,
    now: Date.now,
    run: (command, args, options) => run(path, command, args, options?.unprivileged === true && userId === 0),
    hasProgram: (name) => hasProgram(path, name),
    readText: (file) => readFile(file, 'utf8').catch(() => null),
    look: (file) => stat(file).then(factsOf, () => null),
    canWrite: (file) =>
      access(file, constants.W_OK | constants.X_OK).then(
        () => true,
        () => false,
      ),
    freeSpace: (file) =>
      statfs(file).then(
        ({ bavail, bsize, ffree, files }) => ({ bytes: bavail * bsize, files: files === 0 ? Infinity : ffree }),
        () => null,
      ),
    get,
    getFromSocket,
    tryPort,
  }
}

function run(path: string, command: string, args: string[], asNobody: boolean): Promise<RunResult> {
  const identity = asNobody ? { uid: NOBODY, gid: NOBODY } : {}
  return new Promise((resolve) => {
    execFile(
      command,
      args,
      { env: { PATH: path, LC_ALL: 'C' }, cwd: '/', timeout: RUN_DEADLINE_MS, encoding: 'utf8', ...identity },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ ok: true, stdout })
        const problem = error.code === 'ENOENT' ? 'missing' : error.killed === true ? 'timeout' : 'failed'
        resolve({ ok: false, problem, stderr: stderr.trim() || error.message })
      },
    )
  })
}

async function hasProgram(path: string, name: string): Promise<boolean> {
  const found = await Promise.all(
    path.split(delimiter).map((folder) =>
      access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}

function factsOf(facts: { isDirectory(): boolean; uid: number; mode: number }): PathFacts {
  return { kind: facts.isDirectory() ? 'directory' : 'other', ownerId: facts.uid, mode: facts.mode & 0o777 }
}

async function get(url: string, headers: Record<string, string>): Promise<WebAnswer> {
  try {
    const answer = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(DEADLINE_MS) })
    return { ok: true, status: answer.status, text: await answer.text(), headers: Object.fromEntries(answer.headers) }
  } catch (error) {
    return { ok: false, code: codeOf(error) }
  }
}

/** `fetch` wraps the socket's error as its cause; an error over several addresses holds the first one's code. */
function codeOf(error: unknown): string {
  const { name, code, cause } = error as { name?: string; code?: string | number; cause?: { code?: string; message?: string } }
  if (name === 'TimeoutError') return 'no answer within 3 s'
  return cause?.code ?? cause?.message ?? (typeof code === 'string' ? code : 'connection failed')
}

function getFromSocket(socketPath: string, path: string): Promise<WebAnswer> {
  return new Promise((resolve) => {
    const call = request({ socketPath, path, headers: { host: 'localhost' }, timeout: DEADLINE_MS }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        if (text.length < LONGEST_ANSWER) text += chunk
      })
      answer.on('end', () => resolve({ ok: true, status: answer.statusCode ?? 0, text, headers: {} }))
    })
    call.on('timeout', () => call.destroy(Object.assign(new Error('timeout'), { code: 'no answer within 3 s' })))
    call.on('error', (error: NodeJS.ErrnoException) => resolve({ ok: false, code: error.code ?? 'connection failed' }))
    call.end()
  })
}

function tryPort(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve('free')))
  })
}
