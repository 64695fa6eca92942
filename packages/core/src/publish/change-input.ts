// What a change request's description is made from, read from the state.

import type { SessionState, ToolCall } from '../state.ts'
import type { ChangeToDescribe } from './describe-change.ts'
import { shortModel } from '../text/short-model.ts'
import { closedIssues } from './closed-issues.ts'

/** The description's facts at the moment of a publish call, which brings title and summary. */
export function changeInput(state: SessionState, call: ToolCall): ChangeToDescribe {
  const { commit, commits, verification } = state.work
  const isVerified = verification !== null && verification.oid === commit?.oid
  return {
    title: String(call.input['title'] ?? state.title),
    task: state.task,
    summary: String(call.input['summary'] ?? ''),
    plan: state.plan?.steps ?? [],
    verification: isVerified ? verification : null,
    commits,
    files: commit?.files ?? [],
    unverified: unverifiedParts(state),
    warnings: commit?.warnings ?? [],
    costMicros: state.spend.costMicros,
    priceBook: state.spend.hasUnpricedCalls ? 'unknown' : (state.spend.priceBook ?? 'unknown'),
    models: [...new Set(state.spend.models.map(shortModel))],
    sessionId: state.sessionId,
    isScripted: state.spend.models.some((model) => model.startsWith('scripted/')),
    continueHint: null,
    closes: closedIssues(state.task, state.repositoryRef),
  }
}

function unverifiedParts(state: SessionState): string[] {
  const open = (state.plan?.steps ?? []).filter((step) => step.status === 'open' || step.status === 'active')
  const skipped = (state.work.verification?.receipts ?? []).filter((receipt) => receipt.exitCode === null)
  return [
    ...skipped.map((receipt) => `\`${receipt.command}\` did not end by itself (${receipt.killed ?? 'no exit code'}).`),
    ...open.map((step) => `Planned, not marked as done: ${step.title}`),
  ]
}
