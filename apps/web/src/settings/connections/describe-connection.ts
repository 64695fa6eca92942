import { formatAgo, formatDay } from '../../format/date.ts'
import type { Connection } from './use-connections.ts'

/** What an account is and allows, in one line. */
export function describeConnection(connection: Connection, now: number): string {
  const { scopes, usedAt, expiresAt, kind, team } = connection
  const runsOut = kind === 'token' && expiresAt !== null
  return [
    kind === 'app' ? 'GitHub App, a token for each repository' : kind === 'token' ? 'token' : 'granted to Slipway',
    ...(team === null ? [] : [`team ${team}`]),
    ...(scopes.length > 0 ? [`allows ${scopes.join(', ')}`] : []),
    usedAt === null ? 'not used yet' : `used ${formatAgo(usedAt, now)}`,
    ...(runsOut ? [`${Date.parse(expiresAt) < now ? 'ran out' : 'runs out'} ${formatDay(expiresAt, now)}`] : []),
  ].join(' · ')
}

/** One or two letters in place of a picture. */
export function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  const [first = '?', second = ''] = words
  return ([...first].slice(0, 1).join('') + [...second].slice(0, 1).join('')).toUpperCase()
}
