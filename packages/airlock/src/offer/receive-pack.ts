// Takes a pack out of the sandbox into a folder of its own inside the quarantine repository. Nothing of it counts until `accept`.

import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { saysDiskFull } from '@slipway/core/errors/disk-full'
import type { Sandbox } from '@slipway/core/ports'
import { GitFailed, runGit } from '@slipway/git/run-git'
import type { GitResult } from '@slipway/git/run-git'
import { gitInside, identityEnvironment, onePiece } from '../run-in-sandbox.ts'
import { byteChannel } from './byte-channel.ts'

export interface ReceiveInput {
  sandbox: Sandbox
  gitDir: string
  oid: string
  /** Commits that the host has; what they reach need not be sent. */
  haveOids: string[]
  limits: { maxPackBytes: number; intakeTimeoutMs: number }
  signal: AbortSignal
}

export interface IncomingPack {
  ok: true
  /** Makes git see the incoming objects on top of the quarantine's own. */
  environment: Record<string, string>
  /** Moves the objects into the quarantine. */
  accept(): Promise<void>
  discard(): Promise<void>
}

export type ReceiveProblem = { ok: false; kind: 'too-large' | 'refused' | 'failed'; message: string }

/** Streams `pack-objects` of the sandbox into a strict `index-pack` of the host, within the size and time limits. */
export async function receivePack(input: ReceiveInput): Promise<IncomingPack | ReceiveProblem> {
  const incoming = join(input.gitDir, `incoming-${randomUUID()}`)
  await mkdir(join(incoming, 'pack'), { recursive: true })
  const environment = { GIT_OBJECT_DIRECTORY: incoming, GIT_ALTERNATE_OBJECT_DIRECTORIES: join(input.gitDir, 'objects') }
  const discard = () => rm(incoming, { recursive: true, force: true })
  try {
    const problem = await transfer(input, environment)
    if (problem) {
      await discard()
      return problem
    }
  } catch (error) {
    await discard()
    throw error
  }
  return { ok: true, environment, discard, accept: () => acceptPack(incoming, input.gitDir) }
}

async function transfer(input: ReceiveInput, environment: Record<string, string>): Promise<ReceiveProblem | null> {
  const channel = byteChannel()
  const stop = new AbortController()
  const signal = AbortSignal.any([input.signal, stop.signal])
  let bytes = 0
  let isTooLarge = false
  // Settled at once, so that an intake that is cut off before anybody waits for it stays an expected outcome.
  const indexing = indexPack(input, environment, channel).then(
    (result) => ({ result, error: null }),
    (error: unknown) => ({ result: null, error }),
  )
  // A whole pack is recognised by its trailer, often before the sandbox's command has exited: only a failure ends that command.
  void indexing.then(({ result }) => {
    channel.close()
    if (result?.exitCode !== 0) stop.abort()
  })
  let stderr = ''
  try {
    const packed = await input.sandbox.exec({
      argv: gitInside(['pack-objects', '--revs', '--stdout', '--thin', '--delta-base-offset', '--quiet']),
      env: identityEnvironment({ name: 'x', email: 'x' }),
      stdin: onePiece(`${input.oid}\n${input.haveOids.map((oid) => `^${oid}\n`).join('')}`),
      timeoutMs: input.limits.intakeTimeoutMs,
      signal,
      async onOutput(chunk, stream) {
        if (stream === 'stderr') {
          if (stderr.length < 800) stderr += new TextDecoder().decode(chunk)
          return
        }
        bytes += chunk.length
        if (bytes <= input.limits.maxPackBytes) return channel.write(chunk.slice())
        isTooLarge = true
        channel.fail(new PackRefused())
        stop.abort()
      },
    })
    if (packed.exitCode === 0 && !isTooLarge) channel.end()
    else channel.fail(new PackRefused())
    const { result, error } = await indexing
    if (isTooLarge) return tooLarge(input.limits.maxPackBytes)
    if (error !== null && !(error instanceof PackRefused)) throw error
    if (result !== null && result.exitCode !== 0) return describeIndexFailure(result, input.limits.maxPackBytes)
    if (packed.exitCode !== 0)
      return {
        ok: false,
        kind: 'failed',
        message: `The sandbox could not pack its commit (exit code ${packed.exitCode}): ${stderr.trim() || packed.killed || 'no message'}`,
      }
    return null
  } catch (error) {
    channel.fail(new PackRefused())
    await indexing
    throw error
  }
}

/** Ends the reading side; the reason is known to the writing side. */
class PackRefused extends Error {}

function indexPack(input: ReceiveInput, environment: Record<string, string>, pack: AsyncIterable<Uint8Array>): Promise<GitResult> {
  return runGit({
    args: [
      // Larger blobs are checked in pieces instead of being held in memory.
      '-c',
      'core.bigFileThreshold=16m',
      '-c',
      'core.deltaBaseCacheLimit=32m',
      'index-pack',
      '--strict=badFilemode=error',
      '--fix-thin',
      '--stdin',
      '--threads=1',
      `--max-input-size=${input.limits.maxPackBytes}`,
    ],
    gitDir: input.gitDir,
    // A delta can claim any size; git then refuses to allocate it.
    environment: { ...environment, GIT_ALLOC_LIMIT: '256m' },
    stdin: pack,
    timeoutMs: input.limits.intakeTimeoutMs,
    signal: input.signal,
  })
}

function describeIndexFailure(result: GitResult, maxPackBytes: number): ReceiveProblem {
  const { killed, stderr } = result
  if (killed === 'timeout')
    return { ok: false, kind: 'too-large', message: 'Unpacking the commit took too long. Leave large files out of it.' }
  if (killed !== null) return { ok: false, kind: 'failed', message: 'The intake of the commit was stopped.' }
  // Nothing that the agent could mend.
  if (saysDiskFull(stderr)) throw new GitFailed('index-pack', result)
  if (/exceeds maximum allowed size/.test(stderr)) return tooLarge(maxPackBytes)
  if (/over limit|out of memory/i.test(stderr))
    return {
      ok: false,
      kind: 'too-large',
      message:
        'The commit holds an object that is too large to unpack. Leave large files out of it, also out of earlier commits of this session.',
    }
  const reason = stderr.split('\n').find((line) => /^(?:error|fatal):/.test(line)) ?? stderr.trim()
  return { ok: false, kind: 'refused', message: `The objects of the commit are not sound: ${reason.slice(0, 300)}` }
}

function tooLarge(maxPackBytes: number): ReceiveProblem {
  return {
    ok: false,
    kind: 'too-large',
    message: `The commit is larger than ${Math.round(maxPackBytes / 1e6)} MB when packed. Leave build results, installed packages and data out of it, also out of earlier commits of this session.`,
  }
}

/** The index goes last: git looks for packs by their index, so that it never sees half a pack. */
async function acceptPack(incoming: string, gitDir: string): Promise<void> {
  const files = await readdir(join(incoming, 'pack'))
  const target = join(gitDir, 'objects', 'pack')
  await mkdir(target, { recursive: true })
  const rank = (name: string) => (name.endsWith('.idx') ? 1 : 0)
  for (const name of files.sort((one, other) => rank(one) - rank(other))) await rename(join(incoming, 'pack', name), join(target, name))
  await rm(incoming, { recursive: true, force: true })
}
