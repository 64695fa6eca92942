// The broker as a process of the product has it, on a database that others use too.

import { type AccountParts, openAccountParts } from '../../apps/server/src/connections/open-account-parts.ts'
import { readSettings } from '../../apps/server/src/settings.ts'
import type { Database } from '@slipway/store/database'

const SECRET_KEY = 'e2e-secret-key-that-is-long-enough-0123456789'

export interface Broker extends AccountParts {
  logs: string[]
  learned: string[]
}

export function openBroker(database: Database, environment: Record<string, string>, options: { now?: () => number } = {}): Broker {
  const read = readSettings({ SLIPWAY_HOME: '/nonexistent', SLIPWAY_SECRET_KEY: SECRET_KEY, ...environment })
  if (!read.ok) throw new Error(read.problems.join('\n'))
  const logs: string[] = []
  const learned: string[] = []
  const note = (...said: unknown[]): void => void logs.push(JSON.stringify(said, withErrors))
  const parts = openAccountParts({
    settings: read.settings,
    database,
    clock: { now: options.now ?? Date.now },
    logger: { warn: note, error: note },
    learn: (secret) => void learned.push(secret.reveal()),
  })
  return { ...parts, logs, learned }
}

/** An error has nothing to show of itself but what it is asked for. */
function withErrors(_name: string, value: unknown): unknown {
  return value instanceof Error ? `${value.stack} ${String(value.cause)}` : value
}
