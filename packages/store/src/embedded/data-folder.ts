import { execFile } from 'node:child_process'
import { readFile, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseProblem } from '../database-problem.ts'
import { explainServer } from './explain-server.ts'
import { serverEnvironment } from './postmaster.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'

const initialiseDeadlineMs = 120_000

/** Makes the data folder complete or leaves none: it is filled under another name and then renamed. The caller holds the lock. */
export async function ensureDataFolder(input: { data: string; prefix: string[]; binaries: PostgresBinaries }): Promise<void> {
  const version = await readFile(join(input.data, 'PG_VERSION'), 'utf8').catch(() => null)
  if (version !== null) return requireVersion(input.data, Number.parseInt(version, 10), input.binaries.majorVersion)
  await removeHalfMade(input.data)
  const unfinished = `${input.data}.new-${process.pid}`
  await initialise(input.prefix, input.binaries.initdb, unfinished)
  await rename(unfinished, input.data)
}

function requireVersion(data: string, found: number, wanted: number): void {
  if (found === wanted) return
  throw new DatabaseProblem(
    'version-mismatch',
    `The database in ${data} was made by PostgreSQL ${found}, and this Slipway brings PostgreSQL ${wanted}.`,
    `Start the Slipway version that made it, export with: pg_dumpall   then import into an empty SLIPWAY_HOME. Nothing was changed.`,
  )
}

async function removeHalfMade(data: string): Promise<void> {
  const parent = dirname(data)
  for (const name of await readdir(parent)) {
    if (name.startsWith('data.new-')) await rm(join(parent, name), { recursive: true, force: true })
  }
}

function initialise(prefix: string[], initdb: string, data: string): Promise<void> {
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const [command, ...words] = [...prefix, initdb, '-D', data, '--username=slipway', '--auth=trust', ...locale]
  if (command === undefined) throw new Error('The command to make a database is empty.')
  return new Promise((resolve, reject) => {
    execFile(
      command,
      words,
      { cwd: '/', timeout: initialiseDeadlineMs, env: serverEnvironment(), encoding: 'utf8' },
      (error, stdout, stderr) => {
        if (error === null) return resolve()
        const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n')
        const known = explainServer(`${stdout}\n${stderr}`, data)
        reject(
          new DatabaseProblem(
            known?.cause ?? 'server-failed',
            `The embedded PostgreSQL server could not make its data folder ${data}:\n${said}`,
            known?.fix ?? 'Check that SLIPWAY_HOME is on a local disk and that its folders can be entered by this user.',
            { cause: error },
          ),
        )
      },
    )
  })
}
