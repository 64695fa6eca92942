// Where the host keeps its own repositories, below the home folder.

import { createHash } from 'node:crypto'
import { join } from 'node:path'

/** Bare mirror of one repository address. */
export function mirrorPath(home: string, url: string): string {
  return join(home, 'mirrors', `${createHash('sha256').update(url).digest('hex').slice(0, 32)}.git`)
}

/** Bare repository that takes what a session's sandbox offers. */
export function quarantinePath(home: string, sessionId: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(sessionId))
    throw new Error('A session id may hold letters, digits, dash and underscore only.')
  return join(home, 'sessions', sessionId, 'quarantine.git')
}
