// What a failed query says about the database itself, as opposed to what was asked of it.

/** away: it cannot be reached, or is starting or stopping. disk-full: it answers and cannot write. */
export type DatabaseTrouble = 'away' | 'disk-full'

const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH'])
const ofSockets = new Set(['connect', 'read', 'write', 'getaddrinfo'])
/** Lost connections; shutdown, crash and start of the server; too many clients: https://www.postgresql.org/docs/15/errcodes-appendix.html */
const refusing = /^(08...|57P0[1-5]|53300)$/
/** node-postgres gives these no code. */
const cutOff =
  /^(Connection terminated|Connection ended unexpectedly|Client has encountered a connection error|timeout exceeded when trying to connect)/
const diskFull = '53100'

/** Null: the database is well, or the error has nothing to do with it. Not for errors of other connections, which look alike. */
export function databaseTrouble(error: unknown): DatabaseTrouble | null {
  if (!(error instanceof Error)) return null
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === undefined) return cutOff.test(error.message) ? 'away' : null
  if (code === diskFull) return 'disk-full'
  if (refusing.test(code)) return 'away'
  return unreachable.has(code) && ofSockets.has(syscall ?? '') ? 'away' : null
}
