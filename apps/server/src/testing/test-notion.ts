// A double of Notion with a connected database, and queues on a test store that look when the test says so.

import { pino } from 'pino'
import type { Accounts } from '@slipway/core/accounts'
import type { ModelPort, Ports } from '@slipway/core/ports'
import { makeSecret } from '@slipway/core/secret'
import { type NotionDouble, startNotionDouble } from '../../../../e2e/doubles/notion/start-notion-double.ts'
import { LOCAL_OWNER } from '../auth/person.ts'
import { openNotionAccess, type NotionAccess } from '../notion/notion-access.ts'
import { openNotionQueue, type NotionQueue } from '../notion/notion-queue.ts'
import type { Runtime } from '../runtime.ts'
import { readSettings } from '../settings.ts'
import { openTestStore, type TestStore } from './test-store.ts'

export interface TestNotion {
  double: NotionDouble
  db: TestStore
  runtime: Pick<Runtime, 'store' | 'ports' | 'settings' | 'logger'>
  access: NotionAccess
  accounts: { isConnected: boolean; token: string }
  tasks: ReturnType<NotionDouble['addDatabase']>
  /** Another database in Notion, and nothing in ours. */
  reset(): Promise<void>
  /** One for each process that a test thinks of. */
  queue(): NotionQueue
  close(): Promise<void>
}

const schema: Parameters<NotionDouble['addDatabase']>[1] = {
  Name: 'title',
  Status: { type: 'status', options: ['Ready', 'In Progress', 'In Review', 'Blocked', 'Done'] },
  Assignee: 'people',
  Repository: 'rich_text',
  'Change request': 'url',
  Deployment: 'url',
  Cost: 'number',
  Summary: 'rich_text',
}

export async function openTestNotion(options: { ownerId?: string } = {}): Promise<TestNotion> {
  const { ownerId = LOCAL_OWNER } = options
  const db = await openTestStore()
  const double = await startNotionDouble({ token: 'ntn_test' })
  const read = readSettings({ SLIPWAY_HOME: '/nonexistent', SLIPWAY_MODEL: 'ollama/test', NOTION_API_URL: double.url })
  if (!read.ok) throw new Error(read.problems.join('\n'))
  const accounts = { isConnected: true, token: 'ntn_test' }
  const find: Accounts['find'] = async (wanted) => {
    if (wanted.ownerId !== ownerId || !accounts.isConnected) return null
    const token = async (input?: { refused?: unknown }) =>
      input?.refused === undefined
        ? ({ ok: true, token: makeSecret(accounts.token) } as const)
        : ({ ok: false, problem: 'reconnect', message: 'Notion was disconnected. Reconnect it in Settings → Connections.' } as const)
    return { connectionId: 'c', provider: 'notion', ownerId, name: 'Acme', token }
  }
  const openAccess = () => openNotionAccess({ accounts: { find }, apiUrl: double.url, clock: db.ports.clock })
  const describe: ModelPort['describe'] = async (model) => ({
    ok: true,
    description: {
      model,
      provider: 'ollama',
      hasTools: true,
      contextWindow: 100_000,
      maxOutputTokens: 8_000,
      price: null,
      isScripted: false,
    },
  })
  // Only what the queue uses of the ports.
  const { log, blobs, bus } = db.store
  const ports = { ...db.ports, log, blobs, bus, model: { describe } } as unknown as Ports
  const runtime = { store: db.store, ports, settings: read.settings, logger: pino({ level: 'silent' }) }
  const queues: NotionQueue[] = []
  const test: TestNotion = {
    double,
    db,
    runtime,
    access: openAccess(),
    accounts,
    tasks: double.addDatabase('Tasks', schema),
    async reset() {
      await db.store.database.pool.query('truncate events, sessions, notion_databases, notion_tasks, outbox')
      test.access = openAccess()
      test.tasks = double.addDatabase('Tasks', schema)
      double.writes.length = 0
    },
    queue() {
      const queue = openNotionQueue(runtime, test.access, { pollMs: 0, isLooking: false })
      queues.push(queue)
      return queue
    },
    async close() {
      for (const queue of queues) await queue.close()
      await double.close()
      await db.close()
    },
  }
  return test
}
