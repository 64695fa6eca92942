import type { Connection, Tokens } from '@slipway/store/connections'

const MARGIN_MS = 2 * 60_000
const SHARE = 5

/** Whether a token is good for a while yet: our clock and the provider's may differ, and whoever gets it needs time to use it. */
export function isFresh(
  { expiresAt }: Pick<Tokens, 'expiresAt'>,
  since: Pick<Connection, 'connectedAt' | 'refreshedAt'>,
  nowMs: number,
): boolean {
  if (expiresAt === null) return true
  const end = Date.parse(expiresAt)
  // One that lives for minutes only would never be fresh with the whole margin.
  const lifetimeMs = end - Date.parse(since.refreshedAt ?? since.connectedAt)
  return end - Math.min(MARGIN_MS, Math.max(0, lifetimeMs / SHARE)) > nowMs
}
