// PostgreSQL servers that can be struck down: the one that the product keeps itself, and Debian's under a user of its own.

import { spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { runningPostmaster } from '@slipway/store/embedded/postmaster'
import { newestPostgres } from '../../../scripts/system-packages.ts'

/** SIGKILL: the postmaster vanishes. SIGQUIT: an immediate stop, without a checkpoint. Both leave the log to be replayed. */
export type Blow = 'SIGKILL' | 'SIGQUIT'

export interface Mortal {
  /** For every process that uses it. */
  variables: Record<string, string>
  strike(blow: Blow): void
  /** Starts it again where that is not the product's own business; resolves when a new one runs. */
  rise(): Promise<void>
  close(): void
}

const riseDeadlineMs = 30_000

/** The server below this home, which the product starts again by itself. */
export function embeddedServer(home: string): Mortal {
  const data = join(home, 'postgres/data')
  let struck: number | null = null
  return {
    variables: {},
    strike(blow) {
      struck = runningPostmaster(data)
      if (struck === null) throw new Error('there is no embedded server to strike')
      process.kill(struck, blow)
    },
    async rise() {
      await until(() => ![null, struck].includes(runningPostmaster(data)), 'the embedded server was not started again')
    },
    close: () => undefined,
  }
}

/** A server of Debian's packages with everything that keeps data safe, on a unix socket of its own. */
export async function debianServer(): Promise<Mortal> {
  const programs = newestPostgres()
  if (programs === null) throw new Error('PostgreSQL is not installed (on Debian: apt-get install postgresql)')
  const identity = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  const folder = mkdtempSync(join(tmpdir(), 'slipway-mortal-'))
  if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid)
  const data = join(folder, 'data')
  const made = spawnSync(join(programs, 'initdb'), ['-D', data, '-U', 'slipway', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'], {
    ...identity,
    cwd: folder,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const words = ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'max_connections=200']
  let pid = 0

  async function rise(): Promise<void> {
    // After a SIGKILL its orphans keep the shared memory for a moment, and a second server is rightly refused.
    for (const deadline = performance.now() + riseDeadlineMs; performance.now() < deadline; await delay(100)) {
      const started = spawn(join(programs ?? '', 'postgres'), words, { ...identity, cwd: folder, stdio: 'ignore' })
      pid = started.pid ?? 0
      let hasEnded = false
      started.once('exit', () => (hasEnded = true))
      await until(() => hasEnded || isReady(), 'the server did not come up')
      if (!hasEnded) return
    }
    throw new Error('the server could not be started again')
  }
  const isReady = (): boolean => {
    const lines = readLines(join(data, 'postmaster.pid'))
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
  }

  await rise()
  return {
    variables: { DATABASE_URL: `postgres:///postgres?host=${folder}&user=slipway` },
    strike: (blow) => void process.kill(pid, blow),
    rise,
    close() {
      // It waits until the server is gone, which would otherwise write into the folder that goes.
      spawnSync(join(programs, 'pg_ctl'), ['-D', data, '-m', 'immediate', '-w', '-t', '20', 'stop'], {
        ...identity,
        cwd: folder,
        stdio: 'ignore',
      })
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

async function until(condition: () => boolean, otherwise: string): Promise<void> {
  for (const deadline = performance.now() + riseDeadlineMs; !condition(); await delay(20)) {
    if (performance.now() > deadline) throw new Error(otherwise)
  }
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}

function idOf(flag: '-u' | '-g'): number {
  const text = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout.trim()
  if (!/^\d+$/.test(text)) throw new Error('PostgreSQL does not run as root, and there is no user called postgres')
  return Number(text)
}
