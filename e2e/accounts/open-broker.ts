// The broker as a process of the product has it, on a database that others use too.

import { pino } from 'pino'
import { type AccountParts, openAccountParts } from '../../apps/server/src/connections/open-account-parts.ts'
import { readSettings } from '../../apps/server/src/settings.ts'
import type { Database } from '@slipway/store/database'

export const SECRET_KEY = 'e2e-secret-key-that-is-long-enough-0123456789'

export interface Broker extends AccountParts {
  logs: string[]
  learned: string[]
}

export function openBroker(database: Database, environment: Record<string, string>, options: { now?: () => number } = {}): Broker {
  const read = readSettings({ SLIPWAY_HOME: '/nonexistent', SLIPWAY_SECRET_KEY: SECRET_KEY, ...environment })
  if (!read.ok) throw new Error(read.problems.join('\n'))
  const logs: string[] = []
  const learned: string[] = []
  const parts = openAccountParts({
    settings: read.settings,
    database,
    clock: { now: options.now ?? Date.now },
    logger: pino({ level: 'debug' }, { write: (line) => void logs.push(line) }),
    learn: (secret) => void learned.push(secret.reveal()),
  })
  return { ...parts, logs, learned }
}
