// Small valid events for tests.

import { randomUUID } from 'node:crypto'
import type { EventBody, NewEvent, RoleSetting, SessionCreated } from '@slipway/core/events'
import type { EventLog } from '@slipway/core/ports'

/** An event with an id and a time of its own. */
export function newEvent(body: EventBody, at = '2026-01-02T03:04:05.678Z'): NewEvent {
  return { id: randomUUID(), at, actor: { kind: 'agent' }, body }
}

export function userMessage(text: string): EventBody {
  return { type: 'user-message', text, mode: 'steer' }
}

const role: RoleSetting = { model: 'scripted/none', effort: null, fallback: null }

export function sessionCreated(changes: Partial<SessionCreated> = {}): SessionCreated {
  return {
    type: 'session-created',
    title: 'Fix the parser',
    task: { text: 'Fix the parser', source: { kind: 'api', ref: null } },
    repository: { url: '/srv/repository', forge: 'local', slug: null, base: null },
    autonomy: 'auto',
    roles: { plan: role, code: role, explore: role, summarise: role, title: role },
    limits: { budgetMicros: null, maxSteps: 100, maxStageSteps: 50, maxTurnMs: 3_600_000 },
    checks: [],
    sandbox: null,
    ownerId: 'alice',
    ...changes,
  }
}

/** A new session with one event; returns its id. */
export async function createSession(
  log: EventLog,
  changes: Partial<SessionCreated> & { id?: string; at?: string; wake?: 'now' | 'no' } = {},
): Promise<string> {
  const { id = randomUUID(), at, wake = 'no', ...body } = changes
  const result = await log.append({ sessionId: id, events: [newEvent(sessionCreated(body), at)], expectedSeq: 0, lease: null, wake })
  if (!result.ok) throw new Error(`The session could not be created: ${result.kind}`)
  return id
}
