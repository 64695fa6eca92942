// A real store on a database of its own, and short ways to fill it.

import type { EventBody, NewEvent, SessionCreated, SessionEvent } from '@slipway/core/events'
import type { Ports } from '@slipway/core/ports'
import { createStore, type Store } from '@slipway/store/store'
import { openTestDatabase } from '@slipway/store/testing/test-database'
import { actorOf, localPerson, LOCAL_OWNER, type Person } from '../auth/person.ts'
import { systemClock } from '../runtime/clock.ts'
import { openIds } from '../runtime/ids.ts'

export interface TestStore {
  store: Store
  /** A second store on the same database, as another process would have. */
  another(): Promise<Store>
  ports: Pick<Ports, 'log' | 'bus' | 'ids' | 'clock'> & { person: Person }
  create(change?: Partial<SessionCreated>): Promise<string>
  append(sessionId: string, bodies: EventBody[], wake?: 'now' | 'no'): Promise<SessionEvent[]>
  close(): Promise<void>
}

export async function openTestStore(): Promise<TestStore> {
  const { database, location, close } = await openTestDatabase()
  const store = createStore(database, systemClock)
  const ports = { log: store.log, bus: store.bus, ids: openIds(systemClock), clock: systemClock, person: localPerson }
  const others: Store[] = []

  async function append(sessionId: string, bodies: EventBody[], wake: 'now' | 'no' = 'no'): Promise<SessionEvent[]> {
    const at = new Date(systemClock.now()).toISOString()
    const events = bodies.map((body): NewEvent => ({ id: ports.ids.next(), at, actor: actorOf(localPerson), body }))
    const result = await store.log.append({ sessionId, events, expectedSeq: null, lease: null, wake })
    if (!result.ok) throw new Error(`append was refused: ${result.kind}`)
    return result.events
  }

  return {
    store,
    async another() {
      const { openStore } = await import('@slipway/store/store')
      const opened = await openStore({ ...location, clock: systemClock })
      if (!opened.ok) throw new Error(opened.message)
      others.push(opened.store)
      return opened.store
    },
    ports,
    async create(change = {}) {
      const sessionId = ports.ids.next()
      await append(sessionId, [{ ...sessionCreated, ...change }])
      return sessionId
    },
    append,
    async close() {
      for (const other of others) await other.close()
      await store.bus.close()
      await close()
    },
  }
}

const role = { model: 'scripted/test.yaml', effort: null, fallback: null }

export const sessionCreated: SessionCreated = {
  type: 'session-created',
  title: 'Fix the clock',
  task: { text: 'Fix the clock', source: { kind: 'cli', ref: null } },
  repository: { url: '/srv/clock', forge: 'local', slug: null, base: null },
  autonomy: 'auto',
  roles: { plan: role, code: role, explore: role, summarise: role, title: role },
  limits: { budgetMicros: 5_000_000, maxSteps: 100, maxStageSteps: 50, maxTurnMs: 3_600_000 },
  checks: [],
  sandbox: null,
  ownerId: LOCAL_OWNER,
}

export function message(text: string): EventBody {
  return { type: 'user-message', text, mode: 'steer' }
}
