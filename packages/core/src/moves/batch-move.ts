// Settles the tool calls of one answer: refuse what is wrong, rule, ask, run. In order; readers run side by side.

import type { EventBody, ToolFinished } from '../events.ts'
import { describePublish, maxFailedVerifications, ruleCall, type Ruling } from '../policy/rule-call.ts'
import { outcomeOf } from '../publish/outcome.ts'
import type { SessionState, ToolCall } from '../state.ts'
import { isTakenBackUntold, takenBackOutput } from '../work-tree/taken-back.ts'
import { describeReceipts } from '../publish/receipts.ts'
import type { Move } from './move.ts'

/** Tools that change nothing: they run side by side and may be run again after a crash. */
export const readers: ReadonlySet<string> = new Set(['read_file', 'list_files', 'search', 'find_context', 'explore', 'bash_output'])
/**
 * Tools that may be run again after a crash: commit and publish find what the first run did, and edits start from the
 * tree as it was, because a new sandbox restores the last checkpoint. A command may have reached further than the tree.
 */
const repeatable: ReadonlySet<string> = new Set([...readers, 'edit_file', 'write_file', 'commit', 'publish'])
const maxStarts = 3

/** The next move for the open batch, or null when there is none. */
export function batchMove(state: SessionState): Move | null {
  const open = state.batch.filter((call) => !call.finished)
  const [first] = open
  if (!first) return null
  if (isTakenBackUntold(state) && needsWorkTree(first)) return settle(first, { problem: 'interrupted', output: takenBackOutput })
  if (first.starts > 0 && (!repeatable.has(first.tool) || first.starts >= maxStarts)) return settle(first, interrupted)
  if (first.invalid !== null) return settle(first, { problem: 'input', output: first.invalid })
  switch (first.tool) {
    case 'update_plan':
      return planMove(state, first)
    case 'ask_human':
      return askMove(state, first)
    case 'finish':
      return finishMove(state, first)
    case 'publish':
      return publishMove(state, first)
    default:
      return runMove(state, open, first)
  }
}

/** A publish that has begun is about a commit, which is safe, and may have reached the outside already. */
function needsWorkTree({ tool, starts }: ToolCall): boolean {
  return tool !== 'update_plan' && tool !== 'ask_human' && !(tool === 'publish' && starts > 0)
}

const interrupted = {
  problem: 'interrupted' as const,
  output: 'The worker was interrupted while this ran. It may have been carried out in part; look before you repeat it.',
}

function runMove(state: SessionState, open: ToolCall[], first: ToolCall): Move {
  const ruling = ruleCall(state, first)
  if (ruling.decision === 'deny') return deny(first, ruling)
  if (!readers.has(first.tool)) return { kind: 'run-tools', calls: [{ callId: first.callId, ruling }] }
  const calls = []
  for (const call of open) {
    if (!readers.has(call.tool) || call.invalid !== null || call.starts >= maxStarts) break
    calls.push({ callId: call.callId, ruling })
  }
  return { kind: 'run-tools', calls }
}

/** The input was checked when the answer arrived; see the agent's tool definitions. */
function planMove(state: SessionState, call: ToolCall): Move {
  const input = call.input as {
    steps?: { title: string; status: 'open' | 'active' | 'done' | 'dropped' }[]
    paths?: string[]
    note?: string
  }
  const bodies: EventBody[] = [
    { type: 'plan-updated', steps: input.steps ?? [], paths: input.paths ?? state.plan?.paths ?? [], note: input.note ?? '' },
    finished(call, { ok: true, output: 'The plan is noted.', problem: null }),
  ]
  const needsApproval = state.autonomy === 'ask' && state.planApproval !== 'approved'
  if (needsApproval) {
    bodies.push({
      type: 'human-asked',
      askId: `ask-${state.head + 3}`,
      kind: 'plan',
      question: 'Is this plan good to go ahead with?',
      options: ['approve', 'reject'],
      callId: null,
      effect: null,
      expiresAt: null,
    })
  }
  return { kind: 'record', bodies }
}

function askMove(state: SessionState, call: ToolCall): Move {
  if (call.approval === 'none') {
    const options = Array.isArray(call.input['options']) ? call.input['options'].map(String) : []
    const question = String(call.input['question'] ?? '')
    return {
      kind: 'record',
      bodies: [
        {
          type: 'human-asked',
          askId: `ask-${state.head + 1}`,
          kind: 'question',
          question,
          options,
          callId: call.callId,
          effect: null,
          expiresAt: null,
        },
      ],
    }
  }
  const isAnswered = call.approval === 'approved'
  return settle(call, {
    ok: isAnswered,
    output: isAnswered ? call.answerText : `The person declined to answer. ${call.answerText}`.trim(),
    problem: isAnswered ? null : 'denied',
  })
}

function finishMove(state: SessionState, call: ToolCall): Move {
  const others = state.batch.some((other) => other.callId !== call.callId && !other.finished)
  if (others) return settle(call, { problem: 'failed', output: 'finish must be the last call of an answer.' })
  const reminder = unpublishedReminder(state)
  const isReminded = state.turn.finishRefusals + state.turn.restNudges > 0
  if (reminder && !isReminded)
    return settle(call, { problem: 'failed', output: `${reminder}, or call finish again to leave it so on purpose.` })
  const summary = String(call.input['summary'] ?? '')
  const bodies: EventBody[] = [
    finished(call, { ok: true, output: 'Finished.', problem: null }),
    { type: 'session-finished', outcome: outcomeOf(state), summary },
  ]
  return { kind: 'record', bodies }
}

/** What would be left behind if the agent stopped now, as the beginning of a sentence; null when nothing is. */
export function unpublishedReminder(state: SessionState): string | null {
  const { work } = state
  if (work.hasUncommitted) return 'The work tree has changes that are not committed. Commit and publish them'
  if (work.commit && work.pushed?.oid !== work.commit.oid) return 'The newest commit is not published. Call publish'
  return null
}

function publishMove(state: SessionState, call: ToolCall): Move {
  const { commit, verification } = state.work
  if (!commit) return settle(call, { problem: 'failed', output: 'There is no commit to publish. Call commit first.' })
  if (state.work.hasUncommitted && call.starts === 0)
    return settle(call, { problem: 'failed', output: 'The work tree has changes that are not in the last commit. Call commit first.' })
  if (call.approval === 'rejected')
    return settle(call, { problem: 'denied', output: `A person did not approve this. ${call.answerText}`.trim() })
  const denied = ruleCall(state, call)
  if (denied.decision === 'deny') return deny(call, denied)
  const isVerified = verification?.oid === commit.oid && !state.work.isVerificationStale
  if (!isVerified) return { kind: 'verify', callId: call.callId, oid: commit.oid }
  if (verification.result === 'failed' && state.work.failedVerifications < maxFailedVerifications) {
    return settle(call, {
      problem: 'failed',
      output: `Not published: the checks failed in a clean sandbox at ${commit.oid.slice(0, 10)}.\n${describeReceipts(verification.receipts)}`,
    })
  }
  const ruling = ruleCall(state, call)
  if (ruling.decision === 'ask' && call.approval !== 'approved') return approvalMove(state, call, ruling)
  return {
    kind: 'run-tools',
    calls: [
      {
        callId: call.callId,
        ruling: call.approval === 'approved' ? { ...ruling, decision: 'allow', reason: 'a person approved this effect' } : ruling,
      },
    ],
  }
}

const approvalDays = 7

function approvalMove(state: SessionState, call: ToolCall, ruling: Ruling): Move {
  const effect = describePublish(state, call, ruling)
  const startedMs = Date.parse(state.turn.startedAt) + state.turn.waitedMs
  const expiresAt = new Date(startedMs + approvalDays * 86_400_000).toISOString()
  const ask: EventBody = {
    type: 'human-asked',
    askId: `ask-${state.head + 2}`,
    kind: 'approval',
    question: effect.title,
    options: ['approve', 'reject'],
    callId: call.callId,
    effect,
    expiresAt,
  }
  return { kind: 'record', bodies: [{ type: 'tool-ruled', callId: call.callId, ...ruling }, ask] }
}

function deny(call: ToolCall, ruling: Ruling): Move {
  return {
    kind: 'record',
    bodies: [
      { type: 'tool-ruled', callId: call.callId, ...ruling },
      finished(call, { ok: false, output: `Refused (${ruling.ruleId}): ${ruling.reason}`, problem: 'denied' }),
    ],
  }
}

interface Settlement {
  ok?: boolean
  output: string
  problem: ToolFinished['problem']
}

function settle(call: ToolCall, settlement: Settlement): Move {
  return { kind: 'record', bodies: [finished(call, settlement)] }
}

function finished(call: ToolCall, { ok = false, output, problem }: Settlement): ToolFinished {
  return { type: 'tool-finished', callId: call.callId, ok, output, blob: null, ms: 0, changed: false, problem, facts: {} }
}
