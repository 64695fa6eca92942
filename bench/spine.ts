// The log and the decision: how fast events are stored, and how long it takes to know the next move of a long session.

import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventBody, NewEvent, SessionCreated, SessionEvent } from '@slipway/core/events'
import type { EventLog } from '@slipway/core/ports'
import { nextMove } from '@slipway/core/next-move'
import { replay } from '@slipway/core/reduce'
import { openStore } from '@slipway/store/store'
import type { Figure } from './measure.ts'
import { percentiles, throughput } from './measure.ts'

const LONG_SESSION = 2_000
const APPEND_MS = 3_000

export async function measureSpine(): Promise<Figure[]> {
  return [...(await measureDecision()), ...(await measureStore())]
}

async function measureDecision(): Promise<Figure[]> {
  const events = longSession(LONG_SESSION)
  const state = replay(events)
  const situation = { nowMs: Date.now(), models: new Map(), prefixTokens: 5_000 }
  return [
    await percentiles(`replay a session of ${LONG_SESSION} events`, 100, () => replay(events)),
    await percentiles('decide its next move', 100, () => nextMove(state, situation)),
  ]
}

async function measureStore(): Promise<Figure[]> {
  const home = await mkdtemp(join(tmpdir(), 'slipway-bench-'))
  try {
    const started = performance.now()
    const opened = await openStore({ home, databaseUrl: null })
    if (!opened.ok) throw new Error(`${opened.message} ${opened.fix}`)
    const { store } = opened
    const first = { name: 'first start of the embedded PostgreSQL', value: `${Math.round(performance.now() - started)} ms` }
    const sessions = await Promise.all(Array.from({ length: 16 }, () => begin(store.log)))
    const append = (writer: number) =>
      store.log.append({ sessionId: sessions[writer] ?? '', events: [newEvent(note)], expectedSeq: null, lease: null, wake: 'no' })
    const figures = [
      first,
      await throughput('appends, one writer, durable', { writers: 1, forMs: APPEND_MS, work: append }),
      await throughput('appends, 16 writers, durable', { writers: 16, forMs: APPEND_MS, work: append }),
    ]
    await store.close()
    return figures
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

const note: EventBody = { type: 'context-added', origin: 'bench', trust: 'trusted', text: 'x'.repeat(500), ref: null }
const role = { model: 'scripted/none', effort: null, fallback: null }
const created: SessionCreated = {
  type: 'session-created',
  title: 'Bench',
  task: { text: 'Bench', source: { kind: 'cli', ref: null } },
  repository: { url: '/nowhere', forge: 'local', slug: null, base: null },
  autonomy: 'auto',
  roles: { plan: role, code: role, explore: role, summarise: role, title: role },
  limits: { budgetMicros: null, maxSteps: 10_000, maxStageSteps: 10_000, maxTurnMs: 3_600_000 },
  checks: [],
  sandbox: null,
  ownerId: 'bench',
}

async function begin(log: EventLog): Promise<string> {
  const sessionId = randomUUID()
  await log.append({ sessionId, events: [newEvent(created)], expectedSeq: 0, lease: null, wake: 'no' })
  return sessionId
}

function longSession(length: number): SessionEvent[] {
  return Array.from({ length }, (_, index) => ({
    ...newEvent(index === 0 ? created : note),
    sessionId: 'bench',
    seq: index + 1,
    version: 1,
  }))
}

function newEvent(body: EventBody): NewEvent {
  return { id: randomUUID(), at: new Date().toISOString(), actor: { kind: 'agent' }, body }
}
