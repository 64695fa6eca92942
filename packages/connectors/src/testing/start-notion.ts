// A client on a double of Notion, with an account whose token the test holds in its hands.

import type { Account } from '@slipway/core/accounts'
import type { Clock } from '@slipway/core/ports'
import { makeSecret } from '@slipway/core/secret'
import { type NotionDouble, startNotionDouble } from '../../../../e2e/doubles/notion/start-notion-double.ts'
import { createNotionClient, type NotionClient } from '../notion/notion-client.ts'
import { notionSettings } from '../notion/notion-settings.ts'

export interface TestNotion {
  double: NotionDouble
  client: NotionClient
  /** What the account hands out now. */
  tokens: { now: string; afterRefusal: string | null }
  /** How long the client slept, in order. */
  slept: number[]
  close(): Promise<void>
}

export const testToken = 'ntn_double-token-for-tests-0001'

export async function startTestNotion(
  options: { requestTimeoutMs?: number; longestWaitMs?: number; addsStatusOptions?: boolean } = {},
): Promise<TestNotion> {
  const { addsStatusOptions, ...limits } = options
  const double = await startNotionDouble({ token: testToken, ...(addsStatusOptions === undefined ? {} : { addsStatusOptions }) })
  const made = notionSettings({ apiUrl: double.url, ...limits })
  if (!made.ok) throw new Error(made.message)
  const tokens: TestNotion['tokens'] = { now: testToken, afterRefusal: null }
  const account: Pick<Account, 'token'> = {
    async token(input) {
      if (input?.refused === undefined) return { ok: true, token: makeSecret(tokens.now) }
      if (tokens.afterRefusal === null) return { ok: false, problem: 'reconnect', message: 'Notion was disconnected.' }
      tokens.now = tokens.afterRefusal
      return { ok: true, token: makeSecret(tokens.now) }
    },
  }
  const slept: number[] = []
  let shiftedMs = 0
  const clock: Clock = {
    now: () => Date.now() + shiftedMs,
    async sleep(ms) {
      slept.push(ms)
      shiftedMs += ms
    },
  }
  return { double, client: createNotionClient({ settings: made.settings, account, clock }), tokens, slept, close: () => double.close() }
}
