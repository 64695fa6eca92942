// People's accounts at Notion, each with one client that knows its rate window.

import { createNotionClient, type NotionClient } from '@slipway/connectors/notion/notion-client'
import { reconnectAdvice, type NotionFailure } from '@slipway/connectors/notion/notion-failure'
import type { NotionSelf } from '@slipway/connectors/notion/notion-shapes'
import { notionSettings } from '@slipway/connectors/notion/notion-settings'
import type { Accounts } from '@slipway/core/accounts'
import type { Clock } from '@slipway/core/ports'
import { SlipwayError, type ErrorCode } from '../errors/slipway-error.ts'

export interface NotionOfPerson {
  client: NotionClient
  /** Who the account is; asked for once. */
  self(signal: AbortSignal): Promise<NotionSelf | NotionFailure>
}

export interface NotionAccess {
  /** null: the person has connected no account. */
  find(ownerId: string): Promise<NotionOfPerson | null>
  /** The same for a request; throws SlipwayError that says how to connect. */
  of(ownerId: string): Promise<NotionOfPerson>
}

export function openNotionAccess(input: { accounts: Accounts; apiUrl: string; clock: Clock }): NotionAccess {
  const settings = notionSettings({ apiUrl: input.apiUrl })
  if (!settings.ok) throw new SlipwayError('usage', settings.message)
  const clients = new Map<string, NotionOfPerson>()

  async function find(ownerId: string): Promise<NotionOfPerson | null> {
    const account = await input.accounts.find({ ownerId, provider: 'notion' })
    if (account === null) return null
    const key = `${ownerId} ${account.connectionId}`
    const known = clients.get(key) ?? open(ownerId, account.connectionId)
    clients.set(key, known)
    return known
  }

  function open(ownerId: string, connectionId: string): NotionOfPerson {
    // The account is looked up for each token, so that one that was connected anew counts at once.
    const account: Parameters<typeof createNotionClient>[0]['account'] = {
      async token(asked) {
        const present = await input.accounts.find({ ownerId, provider: 'notion', connectionId })
        if (present === null)
          return { ok: false, problem: 'reconnect', message: `The account is not connected any more. ${reconnectAdvice}` }
        return present.token(asked)
      },
    }
    const client = createNotionClient({ settings: settings.ok ? settings.settings : unreachable(), account, clock: input.clock })
    let self: NotionSelf | null = null
    return {
      client,
      async self(signal) {
        if (self !== null) return self
        const asked = await client.self(signal)
        if (asked.ok) self = asked.value
        return asked.ok ? asked.value : asked
      },
    }
  }

  return {
    find,
    async of(ownerId) {
      const found = await find(ownerId)
      if (found === null)
        throw new SlipwayError(
          'not-configured',
          'No account at Notion is connected. Connect one in Settings → Connections; whoever runs the server can also set NOTION_TOKEN.',
        )
      return found
    },
  }
}

function unreachable(): never {
  throw new Error('settings were checked before')
}

const codes: Record<NotionFailure['problem'], ErrorCode> = {
  auth: 'not-configured',
  forbidden: 'not-configured',
  'not-found': 'not-found',
  gone: 'conflict',
  refused: 'usage',
  conflict: 'conflict',
  'rate-limit': 'rate-limited',
  network: 'not-ready',
}

/** The value, or what went wrong in the form in which requests answer it. */
export function valueOrThrow<Value>(result: { ok: true; value: Value } | NotionFailure): Value {
  if (result.ok) return result.value
  throw notionError(result)
}

export function notionError(failure: NotionFailure): SlipwayError {
  return new SlipwayError(codes[failure.problem], failure.message)
}
