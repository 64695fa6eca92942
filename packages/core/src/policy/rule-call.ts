// The gate. Inside the sandbox commands are free, because they are contained; what leaves it is ruled on here.

import type { ToolRuled } from '../events.ts'
import type { EffectDescription } from '../effects.ts'
import { sha256Hex } from '../hash/sha256.ts'
import type { SessionState, ToolCall } from '../state.ts'
import { matchesAnyGlob } from './glob.ts'

/** After this many failed verifications the work may be published as a draft that says so, instead of being stuck. */
export const maxFailedVerifications = 3

export type Ruling = Omit<ToolRuled, 'type' | 'callId'>

const changesWork = new Set(['edit_file', 'write_file', 'commit', 'publish'])

/** Decides on one call. Same state, same decision. */
export function ruleCall(state: SessionState, call: ToolCall): Ruling {
  if (changesWork.has(call.tool) && state.autonomy === 'ask' && state.planApproval !== 'approved') {
    return {
      decision: 'deny',
      ruleId: 'plan-first',
      reason: 'The person wants to approve a plan before anything is changed. Propose one with update_plan.',
    }
  }
  if (call.tool === 'publish') return rulePublish(state)
  return { decision: 'allow', ruleId: 'contained', reason: 'stays inside the sandbox' }
}

function rulePublish(state: SessionState): Ruling {
  const { commit, scan, verification } = state.work
  if (scan?.result !== 'clean') {
    return {
      decision: 'deny',
      ruleId: 'secret-scan',
      reason: scan ? 'The secret scan did not come back clean, so nothing may be pushed.' : 'The commit has not been scanned for secrets.',
    }
  }
  const [warning] = commit?.warnings ?? []
  if (warning) return { decision: 'ask', ruleId: 'protected-path', reason: `${warning.path}: ${warning.message}` }
  const outside = outsidePlan(state)
  if (outside) return { decision: 'ask', ruleId: 'outside-plan', reason: `${outside} is not among the files of the approved plan.` }
  if (state.autonomy !== 'auto') return { decision: 'ask', ruleId: 'outward-effect', reason: 'This leaves the sandbox.' }
  const isPassed = verification?.result === 'passed'
  return {
    decision: 'allow',
    ruleId: isPassed ? 'declared-destination' : 'declared-destination-draft',
    reason: 'The repository was named with the task, and the branch belongs to this session.',
  }
}

/** The first changed file that an approved plan with paths does not cover. */
function outsidePlan(state: SessionState): string | null {
  const paths = state.plan?.paths ?? []
  if (state.planApproval !== 'approved' || paths.length === 0) return null
  return state.work.commit?.files.find((file) => !matchesAnyGlob(file.path, paths))?.path ?? null
}

/** Exactly what a publish call would do; an approval is bound to this description's hash. */
export function describePublish(state: SessionState, call: ToolCall, ruling: Ruling): EffectDescription {
  const { commit } = state.work
  const branch = state.repository?.branch ?? ''
  const destination = state.repositoryRef.slug ?? state.repositoryRef.url
  const details: EffectDescription['details'] = [
    ['repository', state.repositoryRef.url],
    ['branch', branch],
    ['base', state.repository?.baseBranch ?? ''],
    ['commit', commit?.oid ?? ''],
    ['title', String(call.input['title'] ?? '')],
    ['summary', String(call.input['summary'] ?? '')],
    ['verification', state.work.verification?.result ?? 'none'],
  ]
  return {
    kind: 'change-request',
    title: `Push ${commit?.oid.slice(0, 10) ?? '?'} to ${branch} and open a change request in ${destination}`,
    details,
    reason: ruling.reason,
    reversible: 'The change request can be closed and the branch deleted.',
    hash: sha256Hex(JSON.stringify(['change-request', details])),
  }
}
