// Everything durable, behind one call.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Blobs, Clock, Effects } from '@slipway/core/ports'
import { createBlobs } from './blobs.ts'
import { createBudgets, type StoredBudgets } from './budgets.ts'
import { openDatabase, type Database, type DatabaseFailure, type DatabaseOptions } from './database.ts'
import { createEffects } from './effects.ts'
import { createEventLog, type StoredEventLog } from './event-log.ts'
import { createLeases, type Leases } from './leases.ts'
import { createLiveBus, type StoreLiveBus } from './live-bus.ts'
import { openPersonStore, type PersonStore } from './person-store.ts'
import { createSessions, type Sessions } from './sessions.ts'

export interface Store {
  database: Database
  log: StoredEventLog
  blobs: Blobs
  bus: StoreLiveBus
  budgets: StoredBudgets
  effects: Effects
  leases: Leases
  sessions: Sessions
  /** What one person may see, kept apart by the database. */
  as(ownerId: string): PersonStore
  /** Sends what the bus still holds and closes the database. Closing twice is fine. */
  close(): Promise<void>
}

/** Opens the database (see `openDatabase`) and everything that is kept in it. `clock` paces the live bus; default: the real one. */
export async function openStore(options: DatabaseOptions & { clock?: Clock }): Promise<{ ok: true; store: Store } | DatabaseFailure> {
  const opened = await openDatabase(options)
  return opened.ok ? { ok: true, store: createStore(opened.database, options.clock ?? realClock) } : opened
}

/** The store on a database that is open already; closing the store closes it. */
export function createStore(database: Database, clock: Clock = realClock): Store {
  const { pool } = database
  const blobs = createBlobs(pool)
  const bus = createLiveBus({ pool, connect: () => database.connect(), clock })
  return {
    database,
    log: createEventLog({ pool, blobs, publish: (message) => bus.publish(message) }),
    blobs,
    bus,
    budgets: createBudgets(pool),
    effects: createEffects(pool),
    leases: createLeases(pool),
    sessions: createSessions(pool),
    as: (ownerId) => openPersonStore(pool, ownerId),
    async close() {
      await bus.close()
      await database.close()
    },
  }
}

const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
}
