// People's accounts at other services. Who makes calls with one asks for its token each time and keeps none.

import type { Secret } from './secret.ts'

export type ProviderName = 'github' | 'gitlab' | 'notion' | 'vercel'

/** `reconnect`: the person must connect again, nothing else helps. `network`: try later. */
export type TokenProblem = { ok: false; problem: 'reconnect' | 'network'; message: string }

export interface Account {
  connectionId: string
  provider: ProviderName
  ownerId: string
  /** The name at the provider, for messages. */
  name: string
  /** What else the provider calls by a name: `teamId` at Vercel, `workspaceId` at Notion. */
  details?: Readonly<Record<string, string>>
  /**
   * A token that should work now, refreshed when it is about to run out. `refused`: the one that was just answered with 401;
   * another one is got, or the account is marked. `repository`: `owner/name`, where there are tokens for one repository alone.
   */
  token(input?: { refused?: Secret; repository?: string }): Promise<{ ok: true; token: Secret } | TokenProblem>
}

export interface Accounts {
  /** The person's account, the one that was used or connected last when there are several; null: none is connected. Another person's `connectionId` finds nothing. */
  find(input: { ownerId: string; provider: ProviderName; connectionId?: string }): Promise<Account | null>
}
