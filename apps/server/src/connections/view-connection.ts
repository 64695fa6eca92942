import type { Connection } from '@slipway/store/connections'

/** What of a connection is shown to its owner. */
export function viewConnection(connection: Connection) {
  const { details, avatarUrl } = connection
  return { ...connection, hasAvatar: avatarUrl !== null, team: details['teamName'] ?? details['teamId'] ?? null }
}
