// Folds one event into the state. Pure: same events, same state, on a worker, in a browser, ten years later.

import type { EventBody, EventOf, SessionEvent, ToolFinished, Usage } from './events.ts'
import { lengthNudge, restNudge } from './conversation/nudges.ts'
import { changeAutonomy } from './conversation/autonomy.ts'
import { answerByComment, applyAnswer, applyMessage } from './conversation/people.ts'
import { batchOf, isInteractionOnly, outcomeKeyOf, settleCall } from './conversation/batch.ts'
import { noteRestart, noteSetup } from './conversation/sandbox-notes.ts'
import { beginTurn, freshTurn, stageOf } from './conversation/turn.ts'
import { compactTranscript, deliverInbox, pruneTranscript } from './conversation/transcript.ts'
import { dropWanted, foldBase, keepIncoming, restoreIncoming } from './follow/incoming.ts'
import { answerComments, foldChecks, foldConflict, foldEnd, foldReview, isRequest, nothingFollowed, noteReply } from './follow/following.ts'
import type { InboxItem, SessionState } from './state.ts'

/** Folds a whole log. Throws when the log does not begin with `session-created`. */
export function replay(events: readonly SessionEvent[]): SessionState {
  const [first, ...rest] = events
  if (!first) throw new Error('a session has at least one event')
  return rest.reduce(reduce, begin(first))
}

/** The state after the first event of a log. */
export function begin(event: SessionEvent): SessionState {
  const { body } = event
  if (body.type !== 'session-created') throw new Error(`a log begins with session-created, not ${body.type}`)
  return {
    sessionId: event.sessionId,
    head: event.seq,
    title: body.title,
    ownerId: body.ownerId,
    task: body.task,
    repositoryRef: body.repository,
    autonomy: body.autonomy,
    roles: body.roles,
    limits: body.limits,
    checks: body.checks,
    sandboxBackend: body.sandbox,
    repository: null,
    instructions: null,
    transcript: [],
    inbox: [{ kind: 'user', seq: event.seq, text: body.task.text, mode: 'steer' }],
    messages: [],
    openModelCalls: [],
    retry: null,
    modelsWithoutTools: [],
    answeredCalls: 0,
    batch: [],
    plan: null,
    planApproval: 'none',
    ask: null,
    stop: null,
    parked: null,
    finished: null,
    reopened: null,
    turn: freshTurn(event.at),
    work: {
      commit: null,
      commits: [],
      scan: null,
      verification: null,
      failedVerifications: 0,
      isVerificationStale: false,
      pushed: null,
      changeRequest: null,
      hasUncommitted: false,
      hasChangedAnything: false,
      incoming: null,
    },
    following: nothingFollowed,
    checkpoint: null,
    restoredAtSeq: null,
    hasBackground: false,
    seenFiles: {},
    spend: { costMicros: 0, usage: noUsage, calls: 0, models: [], hasUnpricedCalls: false, priceBook: null },
    measured: null,
  }
}

/** The state after one more event. Throws on a gap in `seq`: a reader that missed an event must read again. */
export function reduce(state: SessionState, event: SessionEvent): SessionState {
  if (event.seq !== state.head + 1) throw new Error(`event ${event.seq} does not follow ${state.head} in session ${state.sessionId}`)
  const next = fold({ ...state, head: event.seq }, event, event.body)
  return trackStage(next, state)
}

function fold(state: SessionState, event: SessionEvent, body: EventBody): SessionState {
  switch (body.type) {
    case 'session-created':
      throw new Error('session-created can only be the first event')
    case 'session-renamed':
      return { ...state, title: body.title }
    case 'session-forked':
      return foldFork(state, body)
    case 'session-finished':
      return foldFinish(state, event, body)
    case 'user-message':
      return applyMessage(
        { ...state, messages: [...state.messages, body.text], following: { ...state.following, repairs: 0 } },
        event,
        body,
      )
    case 'human-asked':
      return foldAsk(state, event, body)
    case 'human-answered':
      return applyAnswer(state, event, body)
    case 'autonomy-changed':
      return changeAutonomy(state, event, body)
    case 'stop-requested':
      return state.finished ? state : { ...state, stop: { reason: body.reason }, ask: null, parked: null }
    case 'repository-prepared':
      return { ...state, repository: body }
    case 'instructions-frozen':
      return { ...state, instructions: body }
    case 'context-added':
      return foldContext(state, event, body)
    case 'review-received':
      return foldComment(state, event, body)
    case 'checks-reported':
      return foldChecks(state, event, body)
    case 'conflict-noticed':
      return foldConflict(state, body)
    case 'base-taken-in':
      return foldBase(state, event, body)
    case 'write-back-done':
      return noteReply(state, body)
    case 'model-requested':
      return foldModelRequested(state, event, body)
    case 'model-responded':
      return foldModelResponded(state, event, body)
    case 'model-failed':
      return foldModelFailed(state, event, body)
    case 'tool-ruled':
      return { ...state, batch: state.batch.map((call) => (call.callId === body.callId ? { ...call, ruling: body } : call)) }
    case 'tool-started':
      return { ...state, batch: state.batch.map((call) => (call.callId === body.callId ? { ...call, starts: call.starts + 1 } : call)) }
    case 'tool-finished':
      return foldToolFinished(state, event, body)
    case 'plan-updated':
      return { ...state, plan: body }
    case 'checkpoint-created':
      return foldCheckpoint(state, body)
    case 'checkpoint-restored':
      return {
        ...state,
        checkpoint: { id: body.checkpoint, treeHash: body.treeHash },
        restoredAtSeq: event.seq,
        seenFiles: {},
        work: restoreIncoming({ ...state.work, hasUncommitted: state.work.hasChangedAnything }, body.checkpoint),
      }
    case 'commit-offered':
      return foldCommit(state, body)
    case 'scan-finished':
      return body.oid === state.work.commit?.oid ? { ...state, work: { ...state.work, scan: body } } : state
    case 'verification-finished':
      return foldVerification(state, body)
    case 'branch-pushed':
      return foldPush(state, event, body)
    case 'change-request-opened':
      return foldOpened(state, body)
    case 'change-request-updated':
      return foldEnd(state, body)
    case 'outputs-pruned':
      return { ...state, transcript: pruneTranscript(state.transcript, body.callIds), measured: null }
    case 'context-compacted':
      return {
        ...state,
        transcript: compactTranscript(state.transcript, event.seq, body),
        retry: null,
        measured: null,
        turn: { ...state.turn, hasCompactedForOverflow: state.retry?.kind === 'overflow' || state.turn.hasCompactedForOverflow },
      }
    case 'guard-tripped':
      return foldGuard(state, event, body)
    case 'sandbox-started':
      return noteRestart(state, event)
    case 'setup-finished':
      return noteSetup(state, event, body)
    case 'feedback-given':
    case 'egress-decided':
    case 'deployment-updated':
      return state
  }
}

const noUsage: Usage = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }

function addToInbox(state: SessionState, item: InboxItem): SessionState {
  return { ...state, inbox: [...state.inbox, item] }
}

function foldContext(state: SessionState, event: SessionEvent, body: EventOf<'context-added'>): SessionState {
  const noted = addToInbox(state, { kind: 'note', seq: event.seq, origin: body.origin, trust: body.trust, text: body.text })
  const { turn } = noted
  if (body.origin === restNudge) return { ...noted, turn: { ...turn, restNudges: turn.restNudges + 1 } }
  if (body.origin === lengthNudge) return { ...noted, turn: { ...turn, lengthNudges: turn.lengthNudges + 1 } }
  return noted
}

/** Queued messages start the next turn at once; a stop does not wait for them. */
function foldFinish(state: SessionState, event: SessionEvent, body: EventOf<'session-finished'>): SessionState {
  const { work } = state
  const kept = body.outcome === 'stopped' ? { ...state, work: dropWanted(work) } : state
  const rested = { ...answerComments(kept, body), stop: null, ask: null, parked: null, batch: [], retry: null, reopened: null }
  const hasQueued = body.outcome !== 'stopped' && state.inbox.some((item) => item.kind === 'user' || isRequest(item))
  if (hasQueued) return beginTurn(rested, event.at)
  return { ...rested, finished: { outcome: body.outcome, summary: body.summary } }
}

function foldFork(state: SessionState, body: EventOf<'session-forked'>): SessionState {
  const roles = body.model
    ? { ...state.roles, plan: { ...state.roles.plan, model: body.model }, code: { ...state.roles.code, model: body.model } }
    : state.roles
  const checkpoint = body.checkpoint ? { id: body.checkpoint, treeHash: body.checkpoint } : state.checkpoint
  // Whatever the tree of the checkpoint has beyond the base is not in a commit of this session.
  const forked = { ...state.work, incoming: null }
  const work = body.checkpoint ? { ...forked, hasUncommitted: true, hasChangedAnything: true } : forked
  return { ...state, roles, checkpoint, work, following: nothingFollowed, finished: null, parked: null, ask: null, stop: null, retry: null }
}

function foldAsk(state: SessionState, event: SessionEvent, body: EventOf<'human-asked'>): SessionState {
  const batch = state.batch.map((call) => (call.callId === body.callId ? { ...call, approval: 'asked' as const } : call))
  const planApproval = body.kind === 'plan' ? ('asked' as const) : state.planApproval
  const offers = state.following.offers.filter(({ question }) => question !== body.question)
  const following = { ...state.following, offers }
  return { ...state, ask: body, batch, planApproval, following, turn: { ...state.turn, waitingSince: event.at } }
}

function foldModelRequested(state: SessionState, event: SessionEvent, body: EventOf<'model-requested'>): SessionState {
  const { type: _, promptSha: __, ...call } = body
  const openModelCalls = [...state.openModelCalls, { ...call, startedAt: event.at }]
  if (body.forCallId !== null || !isConversation(body.role)) return { ...state, openModelCalls }
  const isRetry = state.retry !== null
  const turn = isRetry ? state.turn : { ...state.turn, steps: state.turn.steps + 1, stageSteps: state.turn.stageSteps + 1 }
  return { ...state, ...deliverInbox(state), openModelCalls, turn }
}

function foldModelResponded(state: SessionState, event: SessionEvent, body: EventOf<'model-responded'>): SessionState {
  const call = state.openModelCalls.find((open) => open.callId === body.callId)
  const openModelCalls = state.openModelCalls.filter((open) => open.callId !== body.callId)
  const spend = {
    costMicros: state.spend.costMicros + body.costMicros,
    usage: addUsage(state.spend.usage, body.usage),
    calls: state.spend.calls + 1,
    models: call ? [...new Set([...state.spend.models, call.model])] : state.spend.models,
    hasUnpricedCalls: state.spend.hasUnpricedCalls || body.priceBook === 'unknown',
    priceBook: body.priceBook,
  }
  if (!call || call.forCallId !== null || !isConversation(call.role)) return { ...state, openModelCalls, spend }
  const transcript = [
    ...state.transcript,
    { kind: 'assistant' as const, seq: event.seq, callId: body.callId, model: call.model, content: body.content, finish: body.finish },
  ]
  return {
    ...state,
    openModelCalls,
    spend,
    transcript,
    batch: batchOf(body),
    retry: null,
    answeredCalls: state.answeredCalls + 1,
    measured: { tokens: body.usage.inputTokens + body.usage.outputTokens, transcriptLength: transcript.length },
  }
}

function foldModelFailed(state: SessionState, event: SessionEvent, body: EventOf<'model-failed'>): SessionState {
  const call = state.openModelCalls.find((open) => open.callId === body.callId)
  const openModelCalls = state.openModelCalls.filter((open) => open.callId !== body.callId)
  const usage = body.usage ? addUsage(state.spend.usage, body.usage) : state.spend.usage
  const spend = { ...state.spend, costMicros: state.spend.costMicros + body.costMicros, usage }
  if (!call || call.forCallId !== null || !isConversation(call.role)) return { ...state, openModelCalls, spend }
  const modelsWithoutTools = body.kind === 'no-tools' ? [...new Set([...state.modelsWithoutTools, call.model])] : state.modelsWithoutTools
  const { kind, message, retryAt: at, fallback } = body
  const pauseMs = at === null ? 0 : Date.parse(at) - Date.parse(event.at)
  const retry = { kind, attempt: call.attempt, at, pauseMs, model: fallback, failedModel: call.model, message }
  return { ...state, openModelCalls, spend, modelsWithoutTools, retry }
}

/** Roles that speak in the session's one conversation; the others serve it from the side. */
function isConversation(role: string): boolean {
  return role === 'plan' || role === 'code'
}

function foldToolFinished(state: SessionState, event: SessionEvent, body: EventOf<'tool-finished'>): SessionState {
  const call = state.batch.find((candidate) => candidate.callId === body.callId)
  if (!call || call.finished) return state
  const settled = settleCall(rememberBackground(rememberFile(state, body), body), event, body)
  if (body.problem === 'interrupted' || isInteractionOnly(call.tool)) return settled
  const recent = {
    callKey: `${call.tool} ${JSON.stringify(call.input)}`,
    outcomeKey: outcomeKeyOf(body),
    isPolling: call.tool === 'bash_output' && body.facts['running'] === true,
  }
  return {
    ...settled,
    turn: {
      ...settled.turn,
      recentCalls: [...settled.turn.recentCalls, recent].slice(-40),
      inputMistakes: body.problem === 'input' ? settled.turn.inputMistakes + 1 : 0,
    },
  }
}

function rememberFile(state: SessionState, { facts }: ToolFinished): SessionState {
  const { path, sha } = facts
  if (typeof path !== 'string' || typeof sha !== 'string') return state
  return { ...state, seenFiles: { ...state.seenFiles, [path]: sha } }
}

function rememberBackground(state: SessionState, { facts }: ToolFinished): SessionState {
  return typeof facts['background'] === 'string' ? { ...state, hasBackground: true } : state
}

function foldCheckpoint(state: SessionState, body: EventOf<'checkpoint-created'>): SessionState {
  const isNew = state.checkpoint !== null && body.treeHash !== state.checkpoint.treeHash
  const work = isNew ? { ...state.work, hasUncommitted: true, hasChangedAnything: true } : state.work
  return { ...state, checkpoint: { id: body.checkpoint, treeHash: body.treeHash }, work: keepIncoming(work, body.checkpoint) }
}

/** What was to be asked about an earlier commit is out of date. */
function foldPush(state: SessionState, { at }: SessionEvent, { branch, oid }: EventOf<'branch-pushed'>): SessionState {
  const following = oid === state.work.pushed?.oid ? state.following : { ...state.following, offers: [], pushedAt: at }
  return { ...state, following, work: { ...state.work, pushed: { branch, oid } } }
}

function foldOpened(state: SessionState, body: EventOf<'change-request-opened'>): SessionState {
  const isSame = state.work.changeRequest?.number === body.number
  const following = isSame ? state.following : { ...state.following, ended: null }
  return { ...state, following, work: { ...state.work, changeRequest: body } }
}

function foldComment(state: SessionState, event: SessionEvent, body: EventOf<'review-received'>): SessionState {
  const received = foldReview(state, event, body)
  return received === state || body.trust === 'untrusted' ? received : answerByComment(received, event, body.author)
}

/** Offering the same commit again keeps what is known of it. */
function foldCommit(state: SessionState, body: EventOf<'commit-offered'>): SessionState {
  const { work } = state
  const incoming = body.baseOid === undefined ? work.incoming : null
  const settled = { ...work, incoming, commit: body, hasUncommitted: false, hasChangedAnything: true }
  if (work.commit?.oid === body.oid) return { ...state, work: settled }
  const commits = [...work.commits, { oid: body.oid, subject: body.subject }]
  const repository = state.repository === null ? null : { ...state.repository, baseOid: body.baseOid ?? state.repository.baseOid }
  return { ...state, repository, work: { ...settled, commits, scan: null, verification: null } }
}

function foldVerification(state: SessionState, body: EventOf<'verification-finished'>): SessionState {
  const failedVerifications = state.work.failedVerifications + (body.result === 'failed' ? 1 : 0)
  return { ...state, work: { ...state.work, verification: body, failedVerifications, isVerificationStale: false } }
}

function foldGuard(state: SessionState, event: SessionEvent, body: EventOf<'guard-tripped'>): SessionState {
  if (body.action === 'park')
    return { ...state, parked: { guard: body.guard, reason: body.reason }, turn: { ...state.turn, waitingSince: event.at } }
  const nudged = addToInbox(state, { kind: 'note', seq: event.seq, origin: `guard: ${body.guard}`, trust: 'trusted', text: body.reason })
  const { turn } = nudged
  if (body.guard === 'loop') return { ...nudged, turn: { ...turn, loopNudges: turn.loopNudges + 1, recentCalls: [] } }
  if (body.guard === 'turns') return { ...nudged, turn: { ...turn, stageNudges: turn.stageNudges + 1, stageSteps: 0 } }
  return nudged
}

function trackStage(state: SessionState, before: SessionState): SessionState {
  const stage = stageOf(state)
  if (stage === before.turn.stage && state.turn.stage === stage) return state
  return { ...state, turn: { ...state.turn, stage, stageSteps: 0, stageNudges: 0 } }
}

function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
  }
}
