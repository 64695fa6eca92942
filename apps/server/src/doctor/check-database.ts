// The database: the embedded one without starting it, or the one that DATABASE_URL names by signing in.

import { join } from 'node:path'
import type { Secret } from '@slipway/core/secret'
import { DatabaseProblem } from '@slipway/store/database-problem'
import { findPostgresBinaries } from '@slipway/store/embedded/postgres-binaries'
import { runningPostmaster } from '@slipway/store/embedded/postmaster'
import { unprivilegedPrefix } from '@slipway/store/embedded/unprivileged'
import { Client } from 'pg'
import type { Finding } from './finding.ts'
import { broken, well } from './finding.ts'
import type { Host } from './host.ts'

const NAME = 'Database'
const OLDEST_MAJOR = 15
const DEADLINE_MS = 3_000

export async function checkDatabase(host: Host, settings: { home: string; databaseUrl: Secret | null }): Promise<Finding> {
  return settings.databaseUrl === null ? checkEmbedded(host, settings.home) : checkServer(settings.databaseUrl)
}

async function checkEmbedded(host: Host, home: string): Promise<Finding> {
  const data = join(home, 'postgres', 'data')
  const running = runningPostmaster(data)
  if (running !== null) return well(NAME, `embedded PostgreSQL runs as process ${running}`)
  try {
    const { majorVersion } = await findPostgresBinaries()
    await unprivilegedPrefix()
    const existing = (await host.readText(join(data, 'PG_VERSION')))?.trim()
    if (existing !== undefined && existing !== String(majorVersion)) return otherVersion(data, existing, majorVersion)
    const isLeftOver = (await host.look(join(data, 'postmaster.pid'))) !== null
    const state =
      existing === undefined
        ? 'is made at the first start'
        : isLeftOver
          ? 'was not shut down; it recovers at the next start'
          : 'is ready to start'
    return well(NAME, `embedded PostgreSQL ${majorVersion} ${state}`)
  } catch (error) {
    if (!(error instanceof DatabaseProblem)) throw error
    return broken(NAME, { summary: 'the embedded PostgreSQL cannot start', cause: error.message, fix: error.fix })
  }
}

function otherVersion(data: string, existing: string, ours: number): Finding {
  return broken(NAME, {
    summary: `the data is of PostgreSQL ${existing}, Slipway brings ${ours}`,
    cause: `${data} was made by another version of Slipway.`,
    fix: 'Start the Slipway version that made it, export with pg_dumpall, and import into an empty SLIPWAY_HOME. Nothing was changed.',
  })
}

async function checkServer(url: Secret): Promise<Finding> {
  const client = new Client({ connectionString: url.reveal(), connectionTimeoutMillis: DEADLINE_MS, query_timeout: DEADLINE_MS })
  try {
    await client.connect()
    const { rows } = await client.query<{ version: string; may_create: boolean }>(
      `select current_setting('server_version_num') as version, has_database_privilege(current_database(), 'CREATE') as may_create`,
    )
    return judgeServer(Number(rows[0]?.version ?? 0), rows[0]?.may_create === true)
  } catch (error) {
    return broken(NAME, {
      summary: 'the database of DATABASE_URL cannot be used',
      ...whyNoServer(error as { code?: string; message: string }, url),
    })
  } finally {
    await client.end().catch(() => undefined)
  }
}

function judgeServer(versionNumber: number, mayCreate: boolean): Finding {
  const major = Math.floor(versionNumber / 10_000)
  if (major < OLDEST_MAJOR) {
    return broken(NAME, {
      summary: `PostgreSQL ${major} is too old`,
      cause: `Slipway needs PostgreSQL ${OLDEST_MAJOR} or newer.`,
      fix: 'Name a newer server, or use the embedded one: `unset DATABASE_URL`',
    })
  }
  if (!mayCreate) {
    return broken(NAME, {
      summary: 'the database user may not create a schema',
      cause: 'Slipway makes its tables itself at start.',
      fix: 'As the database’s owner: `grant create on database <name> to <user>`',
    })
  }
  return well(NAME, `PostgreSQL ${major} of DATABASE_URL answers`)
}

function whyNoServer(error: { code?: string; message: string }, url: Secret): { cause: string; fix: string } {
  const { hostname, port, username, pathname } = new URL(url.reveal())
  const server = `${hostname || 'localhost'}:${port || 5432}`
  const database = pathname.slice(1) || username
  switch (error.code ?? '') {
    case 'ECONNREFUSED':
      return {
        cause: `Nothing listens at ${server}.`,
        fix: `Start it (\`pg_isready -h ${hostname || 'localhost'} -p ${port || 5432}\` asks it) or use the embedded one: \`unset DATABASE_URL\``,
      }
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { cause: `The name ${hostname} is not known.`, fix: `getent hosts ${hostname}` }
    case '28P01':
    case '28000':
      return {
        cause: `${server} refuses the user ${username} with this password.`,
        fix: `psql -h ${hostname} -p ${port || 5432} -U ${username} ${database}`,
      }
    case '3D000':
      return {
        cause: `There is no database called ${database} at ${server}.`,
        fix: `createdb -h ${hostname} -p ${port || 5432} -U ${username} ${database}`,
      }
    case '53300':
      return { cause: `${server} has no connection left.`, fix: 'Raise max_connections, or end programs that keep connections open.' }
    default:
      return {
        cause: `${server} says: ${error.message.replaceAll(url.reveal(), 'DATABASE_URL')}`,
        fix: `pg_isready -h ${hostname || 'localhost'} -p ${port || 5432}`,
      }
  }
}
