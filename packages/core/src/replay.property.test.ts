import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventBody } from './events.ts'
import type { PromptMessage } from './ports.ts'
import { maxRepairs } from './follow/following.ts'
import { nextMove } from './next-move.ts'
import { buildPrompt } from './prompt/build-prompt.ts'
import { replay } from './reduce.ts'
import type { SessionState } from './state.ts'
import { buildLog, call, situation, text, type LogBuilder } from './testing/log-builder.ts'

// A worker, a model, a person and a forge that do anything at all, in any order, and crash at any point.
const chaos = fc.array(fc.record({ pick: fc.nat(9), crash: fc.boolean(), person: fc.nat(18) }), { minLength: 5, maxLength: 60 })
type Choice = { pick: number; crash: boolean; person: number }

function play(choices: Choice[], look: (log: LogBuilder) => void): LogBuilder {
  const log = buildLog()
  choices.forEach((choice, index) => {
    person(log, choice.person, index)
    look(log)
    const move = nextMove(log.state(), situation(log))
    if (move.kind === 'record') log.add(...move.bodies)
    if (move.kind === 'prepare-repository')
      log.add({ type: 'repository-prepared', baseBranch: 'main', baseOid: 'b', branch: 'slipway/s1', ms: 1 })
    if (move.kind === 'freeze-instructions') log.add({ type: 'instructions-frozen', sections: [], mcpTools: [], sha: 'x' })
    if (move.kind === 'verify')
      log.add({ type: 'verification-finished', oid: move.oid, result: choice.pick % 2 === 0 ? 'passed' : 'failed', receipts: [], ms: 1 })
    if (move.kind === 'compact')
      log.add({ type: 'context-compacted', summary: 'so far', keepFromSeq: move.keepFromSeq, beforeTokens: 1, afterTokens: 1 })
    if (move.kind === 'take-in-base') takeIn(log, choice, index, move.base)
    if (move.kind === 'call-model') model(log, choice, index, move)
    if (move.kind === 'run-tools') tools(log, choice, move.calls)
  })
  return log
}

function takeIn(log: LogBuilder, { crash, pick }: Choice, index: number, base: string): void {
  if (crash) return
  const checkpoint = pick === 0 ? null : `t${index}`
  if (checkpoint !== null) log.add({ type: 'checkpoint-created', checkpoint, treeHash: checkpoint, callId: null, ms: 1 })
  log.add({ type: 'base-taken-in', base, baseOid: `m${index}`, checkpoint, conflicts: ['a.txt'] })
}

function model(
  log: LogBuilder,
  choice: Choice,
  index: number,
  move: { role: 'plan' | 'code' | 'explore' | 'summarise' | 'title'; model: string; attempt: number },
): void {
  const callId = `m${index}`
  log.add({
    type: 'model-requested',
    callId,
    role: move.role,
    model: move.model,
    attempt: move.attempt,
    promptSha: 'x',
    reservedMicros: 5,
    forCallId: null,
  })
  if (choice.crash) return
  const answers = [
    [call(`${index}a`, 'bash', { n: index })],
    [call(`${index}a`, 'read_file'), call(`${index}b`, 'search'), call(`${index}c`, 'edit_file')],
    [call(`${index}a`, 'commit'), call(`${index}b`, 'publish')],
    [call(`${index}a`, 'ask_human', { question: 'which?' })],
    [call(`${index}a`, 'update_plan', { steps: [] })],
    [call(`${index}a`, 'finish', { summary: 'done' })],
    [text('done')],
    [text('thinking'), call(`${index}a`, 'publish')],
  ]
  const content = answers[choice.pick]
  if (!content) {
    log.add({
      type: 'model-failed',
      callId,
      kind: 'server',
      message: 'oops',
      status: 500,
      retryAt: choice.pick === 8 ? '2026-01-01T00:00:00.000Z' : null,
      fallback: null,
      costMicros: 0,
    })
    return
  }
  const finish = content.some((part) => part.type === 'tool-call') ? 'tool-calls' : 'stop'
  log.add({
    type: 'model-responded',
    callId,
    content,
    finish,
    usage: { inputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 1, reasoningTokens: 0 },
    costMicros: 3,
    priceBook: 'x',
    firstTokenMs: 1,
    ms: 1,
  })
}

function tools(log: LogBuilder, choice: Choice, calls: { callId: string }[]): void {
  for (const { callId } of calls) {
    const tool = log.state().batch.find((open) => open.callId === callId)?.tool ?? ''
    log.add({ type: 'tool-started', callId, tool })
  }
  if (choice.crash) return
  for (const { callId } of calls) {
    const tool = log.state().batch.find((open) => open.callId === callId)?.tool
    if (tool === 'commit')
      log.add(
        { type: 'commit-offered', oid: 'c', subject: 's', files: [], warnings: [] },
        { type: 'scan-finished', oid: 'c', result: 'clean', findings: [], scannedBytes: 1, ms: 1 },
      )
    log.settle(callId, { ok: choice.pick !== 3, problem: choice.pick === 3 ? 'failed' : null, output: `out ${choice.pick}` })
  }
}

function person(log: LogBuilder, pick: number, index: number): void {
  const { ask } = log.state()
  const events: Record<number, EventBody> = {
    0: { type: 'user-message', text: `message ${index}`, mode: 'steer' },
    1: { type: 'user-message', text: `queued ${index}`, mode: 'queue' },
    2: { type: 'stop-requested', reason: 'enough' },
  }
  const event = events[pick] ?? heard(log, pick, index)
  if (event) log.add(event)
  if (ask && pick > 8 && pick < 13)
    log.add({
      type: 'human-answered',
      askId: ask.askId,
      decision: pick === 9 ? 'reject' : 'approve',
      text: 'so be it',
      effectHash: ask.effect?.hash ?? null,
      budgetMicros: null,
    })
}

/** What a forge tells of the change request; its branch is at whatever was pushed last. */
function heard(log: LogBuilder, pick: number, index: number): EventBody | undefined {
  const oid = log.state().work.pushed?.oid ?? 'c'
  const events: Record<number, EventBody> = {
    13: { type: 'branch-pushed', branch: 'slipway/s1', oid: `c${index}`, alreadyThere: false },
    14: { type: 'checks-reported', oid, checks: [{ name: 'ci', state: index % 3 === 0 ? 'passed' : 'failed', url: null, log: 'boom' }] },
    15: {
      type: 'review-received',
      author: 'rita',
      trust: index % 3 === 0 ? 'untrusted' : 'trusted',
      text: `comment ${index}`,
      url: null,
      ref: `r${index % 7}`,
    },
    16: { type: 'conflict-noticed', oid, base: 'main', baseOid: `m${index % 2}` },
    18: { type: 'checkpoint-restored', checkpoint: 't0', treeHash: 't0', reason: 'a person' },
    17: { type: 'change-request-updated', number: log.state().work.changeRequest?.number ?? 7, state: index % 2 === 0 ? 'merged' : 'open' },
  }
  return events[pick]
}

/** What every provider insists on: each answer's calls are followed by exactly their results, and nothing else has results. */
function expectWellFormed(messages: PromptMessage[]): void {
  messages.forEach((message, index) => {
    const next = messages[index + 1]
    const asked = message.role === 'assistant' ? message.content.flatMap((part) => (part.type === 'tool-call' ? [part.callId] : [])) : []
    const given = next?.role === 'tool' ? next.results.map((result) => result.callId) : []
    if (message.role === 'assistant') expect(given).toEqual(asked)
    else expect(next?.role).not.toBe('tool')
  })
}

const withoutMarkers = (messages: PromptMessage[]): string[] => messages.map((message) => JSON.stringify({ ...message, cache: false }))

describe('any course of events', () => {
  it('replays to the same state from the log alone', () => {
    fc.assert(
      fc.property(chaos, (choices) => {
        const log = play(choices, () => undefined)
        expect(replay(log.events())).toEqual(log.state())
        expect(replay(JSON.parse(JSON.stringify(log.events())))).toEqual(log.state())
      }),
      { numRuns: 150 },
    )
  })

  it('always leaves a prompt that a provider accepts when a model is called', () => {
    fc.assert(
      fc.property(chaos, (choices) => {
        play(choices, (log) => {
          if (nextMove(log.state(), situation(log)).kind === 'call-model')
            expectWellFormed(buildPrompt(log.state(), 'scripted/test').messages)
        })
      }),
      { numRuns: 150 },
    )
  })

  it('only ever appends to the prompt, so that caches hold', () => {
    fc.assert(
      fc.property(chaos, (choices) => {
        let before: string[] = []
        let sections = ''
        play(choices, (log) => {
          if (nextMove(log.state(), situation(log)).kind !== 'call-model') return
          const prompt = buildPrompt(log.state(), 'scripted/test')
          const now = withoutMarkers(prompt.messages)
          expect(now.slice(0, before.length)).toEqual(before)
          if (sections !== '') expect(JSON.stringify(prompt.system)).toBe(sections)
          sections = JSON.stringify(prompt.system)
          before = now
        })
      }),
      { numRuns: 150 },
    )
  })

  it('never loses a person’s message', () => {
    fc.assert(
      fc.property(chaos, (choices) => {
        const log = play(choices, () => undefined)
        const sent = log.events().flatMap((event) => (event.body.type === 'user-message' ? [event.body.text] : []))
        // Words that came with an answer stand among the messages too.
        expect(log.state().messages.filter((message) => sent.includes(message))).toEqual(sent)
        const seen = everythingShown(log.state())
        for (const message of sent) expect(seen.some((shown) => shown.includes(message)) || wasAnAnswer(log, message)).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  it('never begins more repairs in a row than it may, and never works where nobody asks for it', () => {
    fc.assert(
      fc.property(chaos, (choices) => {
        const log = play(choices, (at) => {
          const { following, finished } = at.state()
          expect(following.repairs).toBeLessThanOrEqual(maxRepairs)
          if (finished && following.offers.length === 0) expect(nextMove(at.state(), situation(at)).kind).toBe('wait')
        })
        const { comments } = log.state().following
        expect(new Set(comments.map(({ ref }) => ref)).size).toBe(comments.length)
        expect(comments.filter(({ trust, reply }) => trust === 'untrusted' && reply !== null)).toEqual([])
      }),
      { numRuns: 150 },
    )
  })
})

function everythingShown(state: SessionState): string[] {
  const inTranscript = state.transcript.flatMap((item) =>
    'text' in item ? [item.text] : item.kind === 'results' ? item.results.map((result) => result.output) : [],
  )
  const inCalls = state.batch.flatMap((open) => [open.answerText])
  return [...inTranscript, ...inCalls, ...state.inbox.map((item) => item.text)]
}

/** A message to a waiting session answers its question; the call it answered may have been stopped since. */
function wasAnAnswer(log: LogBuilder, message: string): boolean {
  return log
    .events()
    .some(
      (event, index) =>
        event.body.type === 'user-message' && event.body.text === message && replay(log.events().slice(0, index)).ask !== null,
    )
}
