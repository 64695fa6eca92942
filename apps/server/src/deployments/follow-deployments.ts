// Follows pushed commits to where they are deployed and tells the sessions. Several servers share the work.

import type { EventBody } from '@slipway/core/events'
import { cleanOutput } from '@slipway/core/text/clean'
import { createDeployments, type DeploymentFacts, type DeploymentRow } from '@slipway/store/deployments'
import { readKinds } from '@slipway/store/session-facts'
import type { Runtime } from '../runtime.ts'
import { runLoop, type RunningLoop } from '../runtime/run-loop.ts'
import { announcePreview } from './announce-preview.ts'
import { lookAtDeployment } from './look-at-deployment.ts'

export type FollowNeeds = Pick<Runtime, 'store' | 'ports' | 'accounts' | 'settings' | 'logger'>

const EVERY_MS = 2_000
const LEASE_MS = 60_000
const LONGEST_LOOK_MS = 45_000
/** The change request is opened right after the push; a small site may be deployed before that. */
const UNTIL_OPENED_MS = 5_000
const ANNOUNCE_WITHIN_MS = 10 * 60_000

/** Begins to follow. */
export function followDeployments(needs: FollowNeeds): RunningLoop {
  return runLoop({
    clock: needs.ports.clock,
    everyMs: EVERY_MS,
    async step(signal) {
      await followOnce(needs, signal)
      return false
    },
    onTrouble: (error) => needs.logger.warn({ err: error }, 'deployments could not be looked at'),
  })
}

/** Takes up what is new and looks at everything that is due. */
export async function followOnce(needs: FollowNeeds, stop: AbortSignal): Promise<void> {
  const deployments = createDeployments(needs.store.database.pool)
  await deployments.takeUpPushed()
  for (;;) {
    const row = stop.aborted ? null : await deployments.claim({ leaseMs: LEASE_MS })
    if (row === null) return
    const signal = AbortSignal.any([stop, AbortSignal.timeout(LONGEST_LOOK_MS)])
    const parts = {
      accounts: needs.accounts,
      settings: needs.settings,
      nowMs: () => needs.ports.clock.now(),
      intend: (orderedAt: string) => deployments.settle(row, { orderedAt }, LEASE_MS),
    }
    const { facts, nextMs, log } = await lookAtDeployment(parts, row, signal)
    await tell(needs, row, facts, log)
    const isAnnounced = facts.state !== 'READY' || (await announcePreview(needs.store.database.pool, { ...row, ...facts }))
    const isYoung = needs.ports.clock.now() - Date.parse(row.askedAt) < ANNOUNCE_WITHIN_MS
    await deployments.settle(row, facts, isAnnounced || !isYoung ? nextMs : UNTIL_OPENED_MS)
  }
}

/** Says what is new of it, once: the log is asked what was said already, as this may be a repetition after a death. */
export async function tell(
  { store, ports }: Pick<FollowNeeds, 'store' | 'ports'>,
  row: DeploymentRow,
  facts: DeploymentFacts,
  log: string | null,
): Promise<void> {
  const now = { ...row, ...facts }
  if (now.deploymentId === null && now.problem === null) return
  const body: EventBody = {
    type: 'deployment-updated',
    deploymentId: now.deploymentId ?? row.key,
    state: now.state,
    url: now.url,
    target: now.target,
    oid: now.oid,
    message: now.problem,
    inspectorUrl: now.inspectorUrl,
    ...(log !== null && { log: cleanOutput(log).text }),
  }
  const said = await readKinds(store.database.pool, { sessionId: row.sessionId, types: ['deployment-updated'] })
  const last = said.findLast(
    (event) =>
      event.body.type === 'deployment-updated' && event.body.deploymentId === body.deploymentId && event.body.target === body.target,
  )?.body
  if (
    last?.type === 'deployment-updated' &&
    last.state === body.state &&
    last.url === body.url &&
    (last.message ?? null) === (body.message ?? null)
  )
    return
  const at = new Date(ports.clock.now()).toISOString()
  await ports.log.append({
    sessionId: row.sessionId,
    events: [{ id: ports.ids.next(), at, actor: { kind: 'system', id: 'deployments' }, body }],
    expectedSeq: null,
    lease: null,
    wake: 'no',
  })
}
