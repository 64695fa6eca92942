// Opens the sandbox of a session at rest, at the tree it was left with. The session's lease is held meanwhile, so that no
// worker opens the same work tree at the same moment; whoever claims the session afterwards ends this sandbox.

import type { Clock, EgressDecision, EventLog, Ids, LiveBus, Sandbox, Workspaces } from '@slipway/core/ports'
import { replay } from '@slipway/core/reduce'
import type { Leases } from '@slipway/store/leases'
import { giveBackAnywhere } from '../worker/drive-session.ts'
import { holdLease } from '../worker/hold-lease.ts'

export interface WakeNeeds {
  log: Pick<EventLog, 'read' | 'append'>
  bus: LiveBus
  clock: Clock
  ids: Ids
  leases: Leases
  workspaces: Pick<Workspaces, 'open'>
  workerId: string
  leaseMs: number
  heartbeatMs: number
}

export interface WakeInput {
  sessionId: string
  signal: AbortSignal
  onPhase(text: string, deadlineMs: number): void
  onOutput(text: string): void
}

/** `atSeq`: of the last event that its tree follows. busy: somebody drives the session, or wants to; try again later. */
export type Woken =
  | { ok: true; sandbox: Sandbox; atSeq: number }
  | { ok: false; kind: 'busy' }
  | { ok: false; kind: 'impossible'; message: string }

export async function wakeSession(needs: WakeNeeds, input: WakeInput): Promise<Woken> {
  const { leases, bus, workerId, leaseMs, heartbeatMs, clock } = needs
  const { sessionId, signal } = input
  const lease = await leases.claimSession({ sessionId, workerId, leaseMs })
  if (lease === null) return { ok: false, kind: 'busy' }
  const held = holdLease(lease, { clock, leaseMs, heartbeatMs, heartbeat: (current) => leases.heartbeat(current, leaseMs) })
  // What a person says to the agent comes first.
  const wanted = new AbortController()
  const unsubscribe = bus.subscribe(sessionId, (message) => message.kind === 'wake' && wanted.abort())
  const ended = AbortSignal.any([signal, held.lost, wanted.signal])
  try {
    return await open(needs, input, ended)
  } catch (error) {
    if (ended.aborted) return { ok: false, kind: 'busy' }
    throw error
  } finally {
    unsubscribe()
    held.end()
    // Due at once: when it should be looked at again is for a worker to say.
    await giveBackAnywhere(lease, leases, 0).catch(() => undefined)
  }
}

async function open(needs: WakeNeeds, input: WakeInput, signal: AbortSignal): Promise<Woken> {
  const { sessionId, onPhase, onOutput } = input
  const state = replay(await needs.log.read({ sessionId, after: 0 }))
  const { repository } = state
  if (repository === null)
    return {
      ok: false,
      kind: 'impossible',
      message: 'The session has no work tree yet. Wait until its repository is there, then start the preview.',
    }
  const opened = await needs.workspaces.open({
    repository: state.repositoryRef,
    sessionId,
    backend: state.sandboxBackend,
    baseBranch: repository.baseBranch,
    baseOid: repository.baseOid,
    branch: repository.branch,
    workOid: state.work.commit?.oid ?? null,
    checkpoint: state.checkpoint?.id ?? null,
    // Looking at another tree than the session's would mislead; the agent's own next start settles it.
    earlierCheckpoints: async () => [],
    signal,
    onEgress: (decision) => recordEgress(needs, sessionId, decision),
    onPhase,
    onOutput,
  })
  if (!opened.ok) return signal.aborted ? { ok: false, kind: 'busy' } : { ok: false, kind: 'impossible', message: opened.message }
  const { sandbox } = opened.workspace
  if (!signal.aborted) return { ok: true, sandbox, atSeq: state.head }
  await sandbox.close({ deleteWorkspace: false })
  return { ok: false, kind: 'busy' }
}

/** Every decision of the proxy is an event, whoever's command asked. */
function recordEgress({ log, ids, clock }: WakeNeeds, sessionId: string, decision: EgressDecision): void {
  const at = new Date(clock.now()).toISOString()
  const event = {
    id: ids.next(),
    at,
    actor: { kind: 'system' as const, id: 'preview' },
    body: { type: 'egress-decided' as const, ...decision },
  }
  void log.append({ sessionId, events: [event], expectedSeq: null, lease: null, wake: 'no' }).catch(() => undefined)
}
