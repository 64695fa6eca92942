// A double of GitHub, a real store, and everything that runs between them by itself; sessions are not driven.

import type { Accounts } from '@slipway/core/accounts'
import { accountOfToken, accountsOf } from '@slipway/connectors/testing/account-of-token'
import { createDeliveries } from '@slipway/store/deliveries'
import { pino } from 'pino'
import { startGithubDouble, type GithubDouble } from '../../../../e2e/doubles/github/start-github-double.ts'
import type { Talk } from '../../../../e2e/doubles/talk.ts'
import { openForgeWork, type ForgeWork } from '../follow/open-forge-work.ts'
import type { Runtime } from '../runtime.ts'
import { readSettings } from '../settings.ts'
import { openTestStore, type TestStore } from './test-store.ts'

export interface ForgeWorld {
  db: TestStore
  github: GithubDouble
  talk: Talk
  /** Begins to work; a second time: as another process would. */
  work(): Promise<ForgeWork>
  /** Stores it as the webhook's route would. */
  deliver(event: string, payload: Record<string, unknown>): Promise<void>
  /** Nothing waits in the deliveries and the outbox. */
  settled(): Promise<void>
  until(condition: () => Promise<boolean>): Promise<void>
  /** Pages of Notion that something happened to. */
  pages: string[]
  /** As it was at first, with nobody at work. */
  reset(): Promise<void>
  close(): Promise<void>
}

export const slug = 'acme/clock'
const token = 'token-of-the-double-0001'
const bobs = 'token-of-bob-0001'
const eves = 'token-of-eve-0001'

/** `local` and `bob` may write to the repository, `eve` does not see it; `rita` may write and has no account here. */
export async function openForgeWorld(options: { from: string | null; followSeconds?: number }): Promise<ForgeWorld> {
  const db = await openTestStore()
  const pool = db.store.database.pool
  const github = await startGithubDouble({
    repositories: [{ slug, from: options.from, isPrivate: true }],
    token,
    limitedTokens: [
      { token: bobs, login: 'bob', contents: 'write', pullRequests: 'write' },
      { token: eves, login: 'eve', contents: 'write', pullRequests: 'write', repositories: [] },
    ],
  })
  const talk = github.talk(slug)
  const working: ForgeWork[] = []
  const pages: string[] = []
  let deliveries = 0

  async function until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 60_000
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error('it did not happen in time')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  async function reset(): Promise<void> {
    for (const work of working.splice(0)) await work.close()
    await pool.query('truncate deliveries, outbox, followed, triggers, sessions, events, people, blobs')
    talk.writers.clear()
    talk.writers.add('rita')
    const issue = { number: 7, title: 'The clock is slow', body: 'By a minute.', author: 'rita', labels: [], assignees: [] }
    talk.issues.splice(0, talk.issues.length, { ...issue, state: 'open' })
    for (const list of [talk.comments, talk.reactions, talk.checks]) list.splice(0)
    talk.conflicting.clear()
  }

  await reset()
  return {
    db,
    pages,
    github,
    talk,
    async work() {
      const store = working.length === 0 ? db.store : await db.another()
      const opened = openForgeWork(runtimeOn(store, db, github, options.followSeconds ?? 3_600), async (pageId) => void pages.push(pageId))
      working.push(opened)
      return opened
    },
    async deliver(event, payload) {
      const body = JSON.stringify({ repository: { full_name: slug }, issue: { number: 7 }, ...payload })
      await createDeliveries(pool).accept({ provider: 'github', id: `d${++deliveries}`, event, body })
      for (const work of working) work.onDelivery()
    },
    settled: () =>
      until(async () => {
        const { rows } = await pool.query(
          `select (select count(*) from deliveries where state = 'queued')
             + (select count(*) from outbox where done_at is null and given_up_at is null) as open`,
        )
        return rows[0].open === 0
      }),
    until,
    reset,
    async close() {
      for (const work of working) await work.close()
      await github.close()
      await db.close()
    },
  }
}

const accounts: Accounts = accountsOf({
  local: [accountOfToken('github', token)],
  bob: [accountOfToken('github', bobs)],
  eve: [accountOfToken('github', eves)],
})

function runtimeOn(store: Runtime['store'], db: TestStore, github: GithubDouble, followSeconds: number): Runtime {
  const read = readSettings({
    GITHUB_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
    SLIPWAY_MODEL: 'ollama/test',
    SLIPWAY_HOME: '/nonexistent',
    SLIPWAY_FOLLOW_SECONDS: String(followSeconds),
  })
  if (!read.ok) throw new Error(read.problems.join())
  const description = { provider: 'ollama', hasTools: true, contextWindow: 1, maxOutputTokens: 1, price: null, isScripted: false }
  const model = { describe: async (name: string) => ({ ok: true, description: { ...description, model: name } }) }
  const ports = { ...db.ports, log: store.log, bus: store.bus, model }
  // Intake and forge work use no other ports.
  return { settings: read.settings, store, ports, accounts, logger: pino({ level: 'silent' }) } as unknown as Runtime
}
