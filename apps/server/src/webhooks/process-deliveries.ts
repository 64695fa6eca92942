// Does what stored deliveries ask for, one after the other: a trigger begins a session, news of a change request make it be looked at.

import type { Heard } from '@slipway/connectors/follow/heard'
import { readGithubDelivery } from '@slipway/connectors/github/follow/read-github-delivery'
import { readGitlabDelivery } from '@slipway/connectors/gitlab/follow/read-gitlab-delivery'
import { createDeliveries, type Delivery } from '@slipway/store/deliveries'
import { createDeployments } from '@slipway/store/deployments'
import type { FollowedChanges } from '../follow/follow-changes.ts'
import { runLoop, type RunningLoop } from '../runtime/run-loop.ts'
import { notionPageOf } from './notion-page-of.ts'
import { vercelDeploymentOf } from './vercel-deployment-of.ts'
import { startFromIssue, type StartParts } from '../triggers/start-from-issue.ts'

const mostTries = 10
const leaseMs = 60_000
const firstPauseMs = 1_000
const longestPauseMs = 300_000
const lookEveryMs = 1_000

export type Processed = { ok: true; note: string } | { ok: false; message: string; retryAfterMs: number | null }

export interface DeliveryParts extends StartParts {
  followed: Pick<FollowedChanges, 'nudge'>
  /** Something happened to a page of Notion; null: this process leaves that to others. */
  onNotionPage: ((pageId: string) => Promise<void>) | null
}

export function processDeliveries(parts: DeliveryParts): RunningLoop {
  const { ports, store, logger } = parts.runtime
  const deliveries = createDeliveries(store.database.pool)
  const providers =
    parts.onNotionPage === null ? (['github', 'gitlab', 'vercel'] as const) : (['github', 'gitlab', 'vercel', 'notion'] as const)

  async function step(signal: AbortSignal): Promise<boolean> {
    const delivery = await deliveries.claim({ leaseMs, providers })
    if (delivery === null) return false
    const { provider, id, event, attempts } = delivery
    const done = await processOne(parts, delivery, signal)
    if (done.ok) {
      await deliveries.finish(delivery, done.note)
      logger.info({ provider, id, event, note: done.note }, 'delivery dealt with')
    } else if (attempts >= mostTries) {
      await deliveries.giveUp(delivery, done.message)
      logger.error({ provider, id, event, attempts }, `delivery given up: ${done.message}`)
    } else {
      const afterMs = done.retryAfterMs ?? Math.min(longestPauseMs, firstPauseMs * 2 ** (attempts - 1))
      await deliveries.postpone(delivery, { afterMs, note: done.message })
      logger.warn({ provider, id, event, attempts, afterMs }, `delivery waits: ${done.message}`)
    }
    return true
  }

  return runLoop({ clock: ports.clock, everyMs: lookEveryMs, step, onTrouble: (error) => logger.error({ err: error }, 'deliveries') })
}

async function processOne(parts: DeliveryParts, delivery: Delivery, signal: AbortSignal): Promise<Processed> {
  const { provider, event, body } = delivery
  try {
    if (provider === 'notion') return await noticePage(parts, body)
    if (provider === 'vercel') return await noticeDeployment(parts, body)
    const heard = read(provider, event, body)
    if (heard.kind === 'nothing') return { ok: true, note: 'nothing' }
    if (heard.kind === 'issue') return await startFromIssue(parts, provider, heard, signal)
    const { slug, number } = heard
    return { ok: true, note: `${await parts.followed.nudge({ provider, slug, number })} change requests are looked at` }
  } catch (error) {
    parts.runtime.logger.error({ err: error, provider, id: delivery.id }, 'a delivery broke off')
    return { ok: false, message: 'Something went wrong; the server’s log says what.', retryAfterMs: null }
  }
}

async function noticePage({ onNotionPage }: DeliveryParts, body: string): Promise<Processed> {
  const pageId = notionPageOf(body)
  if (pageId === null || onNotionPage === null) return { ok: true, note: 'nothing' }
  await onNotionPage(pageId)
  return { ok: true, note: `page ${pageId} is looked at` }
}

/** Whoever follows deployments looks at it next: what a delivery says is not taken for what is. */
async function noticeDeployment({ runtime }: DeliveryParts, body: string): Promise<Processed> {
  const found = vercelDeploymentOf(body)
  if (found === null) return { ok: true, note: 'nothing' }
  const count = await createDeployments(runtime.store.database.pool).hurryAll(found)
  return { ok: true, note: `${count} deployments are looked at` }
}

function read(provider: 'github' | 'gitlab', event: string, text: string): Heard {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return { kind: 'nothing' }
  }
  return provider === 'github' ? readGithubDelivery(event, body) : readGitlabDelivery(body)
}
