import { createHash } from 'node:crypto'
import { lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseProblem } from '../database-problem.ts'

/** `sun_path` holds 108 bytes with its final zero on Linux and 104 on macOS. */
const longestSocketPath = process.platform === 'linux' ? 107 : 103
const socketName = '.s.PGSQL.5432'

/** A private folder whose path is short enough for a unix socket: below `postgresFolder`, else in `shortRoot`. Created when missing. */
export async function ensureSocketFolder(postgresFolder: string, shortRoot = '/tmp'): Promise<string> {
  const preferred = join(postgresFolder, 'socket')
  const folder =
    Buffer.byteLength(join(preferred, socketName)) <= longestSocketPath ? preferred : join(shortRoot, shortName(postgresFolder))
  await mkdir(folder, { recursive: false, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await requirePrivate(folder)
  return folder
}

function shortName(postgresFolder: string): string {
  return `slipway-${createHash('sha256').update(postgresFolder).digest('hex').slice(0, 16)}`
}

/** The server trusts whoever can open its socket, and /tmp belongs to everybody: nobody else may have made this folder. */
async function requirePrivate(folder: string): Promise<void> {
  const found = await lstat(folder)
  const isOurs = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0
  if (isOurs) return
  throw new DatabaseProblem(
    'home-not-writable',
    `The folder ${folder} for the database's socket belongs to somebody else or is open to others.`,
    `Look at it with: ls -ld ${folder}   Remove it, or choose a shorter SLIPWAY_HOME.`,
  )
}
