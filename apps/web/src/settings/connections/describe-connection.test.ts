import { expect, test } from 'vitest'
import { describeConnection, initialsOf } from './describe-connection.ts'
import { landingOf } from './landing.ts'
import type { Connection } from './use-connections.ts'

const now = Date.parse('2026-05-05T12:00:00.000Z')
const connection: Connection = {
  id: 'c1',
  provider: 'github',
  kind: 'oauth',
  accountName: 'ada',
  hasAvatar: false,
  team: null,
  scopes: ['repo', 'workflow'],
  status: 'connected',
  reason: null,
  createdAt: '2026-05-01T00:00:00.000Z',
  connectedAt: '2026-05-01T00:00:00.000Z',
  usedAt: null,
  refreshedAt: null,
  expiresAt: '2026-05-05T12:30:00.000Z',
}

test('an account is described by how it came, what it allows and when it was used', () => {
  expect(describeConnection(connection, now)).toBe('granted to Slipway · allows repo, workflow · not used yet')
  expect(describeConnection({ ...connection, kind: 'app', scopes: [] }, now)).toBe('GitHub App, a token for each repository · not used yet')
  expect(describeConnection({ ...connection, scopes: [], team: 'Blue' }, now)).toBe('granted to Slipway · team Blue · not used yet')
  // Only of a token that nobody refreshes its end matters.
  expect(describeConnection({ ...connection, kind: 'token', expiresAt: '2026-05-01T00:00:00.000Z' }, now)).toMatch(/ · ran out /)
})

test.each([
  ['ada', 'A'],
  ['ada-lovelace', 'AL'],
  ['Ünal’s space · Slipway', 'ÜS'],
  ['', '?'],
  ['🚀', '?'],
])('%s has the initials %s', (name, initials) => expect(initialsOf(name)).toBe(initials))

test('whoever comes back from a provider is told how it went, and an address that was made up says nothing of its own', () => {
  expect(landingOf('?provider=github&connection=made', 'GitHub')).toEqual({ isGood: true, text: 'GitHub is connected.' })
  expect(landingOf('?provider=github&connection=denied', 'GitHub')).toMatchObject({ isGood: false })
  expect(landingOf('?provider=github&connection=<b>you won</b>', 'GitHub')).toBe(null)
  expect(landingOf('', 'GitHub')).toBe(null)
})
