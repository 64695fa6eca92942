// A session whose work nobody wants: the agent stops, its change request is closed at the forge, and it leaves the list. The log and the branch stay.

import type { ChangeRequest, Effects, Forge, ForgeFailure, Forges } from '@slipway/core/ports'
import type { SessionState } from '@slipway/core/state'
import { SlipwayError } from '../errors/slipway-error.ts'
import { appendForPerson, loadState, type LogPorts } from './access.ts'
import { stop } from './people.ts'

export interface ThrowAwayPorts extends LogPorts {
  forges: Forges
  effects: Effects
}

export interface ThrownAway {
  /** null: there was none that was open. */
  closed: { number: number; url: string } | null
}

/** A worker lets go of a call in about a second once somebody stops the session. */
const STOP_WAIT_MS = 10_000
const STOP_POLL_MS = 200
const FORGE_DEADLINE_MS = 60_000

/**
 * Throws SlipwayError with the forge's reason when the change request stays open: calling again goes on from there.
 * What the forge has counts, not the log: one whose opening was lost is closed too.
 */
export async function throwAway(ports: ThrowAwayPorts, input: { sessionId: string; putAway(): Promise<void> }): Promise<ThrownAway> {
  const { sessionId } = input
  await stop(ports, { sessionId, reason: 'Thrown away by a person.', wake: 'now' })
  const state = await whenAtRest(ports, sessionId)
  const closed = state.repository === null ? null : await closeIfOpen(ports, state, state.repository.branch)
  await input.putAway()
  return { closed }
}

/** No longer than a deadline: without a worker nobody takes note of the stop, and nothing is opened any more either. */
async function whenAtRest(ports: ThrowAwayPorts, sessionId: string): Promise<SessionState> {
  const untilMs = ports.clock.now() + STOP_WAIT_MS
  for (;;) {
    const { state } = await loadState(ports, sessionId)
    if (state.repository === null || state.finished || ports.clock.now() >= untilMs) return state
    await ports.clock.sleep(STOP_POLL_MS)
  }
}

async function closeIfOpen(ports: ThrowAwayPorts, state: SessionState, branch: string): Promise<ThrownAway['closed']> {
  const { repositoryRef: repository, sessionId, ownerId } = state
  const found = ports.forges.for(repository, ownerId)
  if (!found.ok) throw new SlipwayError('not-configured', found.message)
  const signal = AbortSignal.timeout(FORGE_DEADLINE_MS)
  const there = orThrow(await found.forge.findChangeRequest({ repository, branch, signal })).changeRequest
  if (there?.state !== 'open') return null
  const key = `close-change-request:${sessionId}:${there.number}`
  await ports.effects.intend({ key, sessionId, kind: 'close-change-request', request: { number: there.number } })
  const closed = await close(found.forge, { repository, number: there.number, signal })
  await ports.effects.finish({ key, answer: { state: closed.state } })
  const { number, url } = closed
  await appendForPerson(ports, {
    sessionId,
    wake: 'no',
    decide: () => ({ type: 'write-back-done', target: `change request ${number} (closed)`, url }),
  })
  return { number, url }
}

async function close(forge: Forge, input: Parameters<Forge['closeChangeRequest']>[0]): Promise<ChangeRequest> {
  return orThrow(await forge.closeChangeRequest(input)).changeRequest
}

function orThrow<Value extends { ok: true }>(result: Value | ForgeFailure): Value {
  if (result.ok) return result
  const code = result.problem === 'rate-limit' ? 'rate-limited' : result.problem === 'network' ? 'not-ready' : 'conflict'
  throw new SlipwayError(code, `The session is stopped, but its change request could not be closed. ${result.message}`)
}
