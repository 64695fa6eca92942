// What a person sees of a session, computed from its state.

import type { HumanAsked, PlanUpdated } from '@slipway/core/events'
import { lookupModel } from '@slipway/core/pricing/price-book'
import { reservedMicros, statusOf, type SessionState } from '@slipway/core/state'
import type { SessionView } from '../contract/session-schemas.ts'
import { countChecks } from './count-checks.ts'

interface SessionFacts {
  /** Of the first event. */
  createdAt: string
  /** Of the newest one. */
  updatedAt: string
  /** Left out where nobody's own list is looked at. */
  isArchived?: boolean
}

export function viewSession(state: SessionState, { createdAt, updatedAt, isArchived = false }: SessionFacts): SessionView {
  return {
    id: state.sessionId,
    title: state.title,
    status: statusOf(state),
    outcome: state.finished?.outcome ?? null,
    summary: state.finished?.summary ?? null,
    reason: reasonOf(state),
    task: state.task.text,
    source: state.task.source.kind,
    repository: state.repositoryRef,
    base: state.repository && { branch: state.repository.baseBranch, oid: state.repository.baseOid },
    branch: state.repository?.branch ?? null,
    model: state.roles.code.model,
    autonomy: state.autonomy,
    stage: state.turn.stage,
    checks: state.checks,
    plan: state.plan && viewPlan(state.plan, state.planApproval),
    ask: state.ask && viewAsk(state.ask),
    retry: state.retry && { kind: state.retry.kind, at: state.retry.at, message: state.retry.message },
    work: viewWork(state),
    cost: viewCost(state),
    context: { tokens: state.measured?.tokens ?? null, window: lookupModel(state.roles.code.model)?.contextWindow ?? null },
    head: state.head,
    isArchived,
    createdAt,
    updatedAt,
  }
}

/** What the session has cost and may still cost. */
export function viewCost(state: SessionState): SessionView['cost'] {
  const { costMicros, usage, calls, hasUnpricedCalls, priceBook } = state.spend
  return {
    micros: costMicros,
    reservedMicros: reservedMicros(state),
    limitMicros: state.limits.budgetMicros,
    isLowerBound: hasUnpricedCalls,
    priceBook,
    calls,
    usage,
  }
}

function reasonOf(state: SessionState): string | null {
  if (state.finished) return null
  if (state.stop) return state.stop.reason
  if (state.ask) return state.ask.question
  if (state.parked) return state.parked.reason
  return state.retry?.message ?? null
}

function viewPlan(plan: PlanUpdated, approval: SessionState['planApproval']): SessionView['plan'] {
  return { steps: plan.steps, paths: plan.paths, note: plan.note, approval }
}

function viewAsk(ask: HumanAsked): SessionView['ask'] {
  const { askId, kind, question, options, effect, expiresAt } = ask
  return { askId, kind, question, options, effect, expiresAt }
}

function viewWork({ work, following }: SessionState): SessionView['work'] {
  return {
    commit: work.commit,
    scan: work.scan?.result ?? null,
    verification: work.verification,
    pushed: work.pushed,
    changeRequest: work.changeRequest,
    reportedChecks: following.checks && { ...countChecks(following.checks), at: following.checks.at },
    hasUncommitted: work.hasUncommitted,
  }
}
