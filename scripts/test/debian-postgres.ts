// A throw-away PostgreSQL server from Debian's packages, for the tests that must also pass on a server which is not the embedded one.

import { spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newestPostgres } from '../system-packages.ts'

interface Identity {
  uid?: number
  gid?: number
}

export type PostgresResult = { ok: true; url: string; stop(): void } | { ok: false; message: string }

/** Listens on a unix socket in its own folder only; `stop` removes everything. */
export function startDebianPostgres(): PostgresResult {
  const programs = newestPostgres()
  if (programs === null) return { ok: false, message: 'PostgreSQL is not installed (on Debian: apt-get install postgresql)' }
  const identity: Identity | null = process.getuid?.() === 0 ? idsOf('postgres') : {}
  if (identity === null) return { ok: false, message: 'PostgreSQL does not run as root, and there is no user called postgres' }
  const folder = mkdtempSync(join(tmpdir(), 'slipway-postgres-'))
  if (identity.uid !== undefined && identity.gid !== undefined) chownSync(folder, identity.uid, identity.gid)
  const data = join(folder, 'data')
  const run = (program: string, args: string[]) =>
    spawnSync(join(programs, program), args, {
      ...identity,
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 60_000,
    })
  const remove = () => rmSync(folder, { recursive: true, force: true })

  const made = run('initdb', ['-D', data, '-U', 'slipway', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8'])
  // What is thrown away need not survive a power loss.
  const options = `-k ${folder} -c listen_addresses= -c fsync=off -c max_connections=200`
  const started =
    made.status === 0 ? run('pg_ctl', ['-D', data, '-w', '-t', '30', '-l', join(folder, 'log'), '-o', options, 'start']) : made
  if (started.status !== 0) {
    remove()
    return { ok: false, message: `PostgreSQL in ${programs} did not start: ${started.stderr.trim()}` }
  }
  return {
    ok: true,
    url: `postgres:///postgres?host=${folder}&user=slipway`,
    stop: () => {
      run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop'])
      remove()
    },
  }
}

function idsOf(user: string): Identity | null {
  const ids = ['-u', '-g'].map((flag) => spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout.trim())
  const [uid, gid] = ids.map((text) => (/^\d+$/.test(text) ? Number(text) : null))
  return uid == null || gid == null ? null : { uid, gid }
}
