// Builds logs for tests: events in order, one second apart, with the fields that a test does not care about filled in.

import type { AssistantPart, EventBody, Finish, SessionCreated, SessionEvent, ToolFinished } from '../events.ts'
import type { Situation } from '../moves/move.ts'
import type { ModelDescription } from '../ports.ts'
import { begin, reduce } from '../reduce.ts'
import type { SessionState } from '../state.ts'

const startMs = Date.parse('2026-01-01T00:00:00.000Z')
const role = { model: 'scripted/test', effort: null, fallback: null }

export const created: SessionCreated = {
  type: 'session-created',
  title: 'Fix the sum',
  task: { text: 'Fix the sum.', source: { kind: 'cli', ref: null } },
  repository: { url: '/repo', forge: 'local', slug: null, base: null },
  autonomy: 'auto',
  roles: { plan: role, code: role, explore: role, summarise: role, title: role },
  limits: { budgetMicros: null, maxSteps: 100, maxStageSteps: 40, maxTurnMs: 3_600_000 },
  checks: [],
  sandbox: null,
  ownerId: 'owner',
}

export interface LogBuilder {
  state(): SessionState
  events(): SessionEvent[]
  add(...bodies: EventBody[]): LogBuilder
  /** A model call and its answer. */
  answer(content: AssistantPart[], finish?: Finish): LogBuilder
  /** The outcome of a tool call. */
  settle(callId: string, outcome?: Partial<ToolFinished>): LogBuilder
  nowMs(): number
}

/** A log that begins with `session-created`, changed by `overrides`. */
export function buildLog(overrides: Partial<SessionCreated> = {}): LogBuilder {
  const events: SessionEvent[] = []
  let state: SessionState | null = null
  let calls = 0

  const append = (body: EventBody): void => {
    const seq = events.length + 1
    const event: SessionEvent = {
      id: `e${seq}`,
      sessionId: 's1',
      seq,
      at: new Date(startMs + seq * 1_000).toISOString(),
      version: 1,
      actor: { kind: 'agent' },
      body,
    }
    events.push(event)
    state = state === null ? begin(event) : reduce(state, event)
  }

  const current = (): SessionState => {
    if (!state) throw new Error('the log is empty')
    return state
  }

  const builder: LogBuilder = {
    state: current,
    events: () => [...events],
    nowMs: () => startMs + events.length * 1_000,
    add(...bodies) {
      bodies.forEach(append)
      return builder
    },
    answer(content, finish) {
      const callId = `m${++calls}`
      const { role: speaker, model } = { role: 'code' as const, model: 'scripted/test' }
      append({ type: 'model-requested', callId, role: speaker, model, attempt: 1, promptSha: 'sha', reservedMicros: 0, forCallId: null })
      const hasCalls = content.some((part) => part.type === 'tool-call')
      append({
        type: 'model-responded',
        callId,
        content,
        finish: finish ?? (hasCalls ? 'tool-calls' : 'stop'),
        usage: usage(),
        costMicros: 0,
        priceBook: '2026-01-01',
        firstTokenMs: 1,
        ms: 2,
      })
      return builder
    },
    settle(callId, outcome = {}) {
      append({
        type: 'tool-finished',
        callId,
        ok: true,
        output: 'done',
        blob: null,
        ms: 1,
        changed: false,
        problem: null,
        facts: {},
        ...outcome,
      })
      return builder
    },
  }
  append({ ...created, ...overrides })
  return builder
}

/** A log whose repository and instructions are ready. */
export function readyLog(overrides: Partial<SessionCreated> = {}): LogBuilder {
  return buildLog(overrides).add(
    { type: 'repository-prepared', baseBranch: 'main', baseOid: 'b'.repeat(40), branch: 'slipway/s1-fix', ms: 1 },
    { type: 'instructions-frozen', sections: [], mcpTools: [], sha: 'sha' },
  )
}

/** A tool call part. */
export function call(callId: string, tool: string, input: Record<string, unknown> = {}): AssistantPart {
  return { type: 'tool-call', callId, tool, input }
}

/** Text of an answer. */
export function text(value: string): AssistantPart {
  return { type: 'text', text: value }
}

/** The situation right after the newest event. */
export function situation(builder: LogBuilder, models: ModelDescription[] = []): Situation {
  return { nowMs: builder.nowMs(), models: new Map(models.map((model) => [model.model, model])), prefixTokens: 1_000 }
}

/** A described model with a window of 200,000 tokens, free unless told otherwise. */
export function describedModel(overrides: Partial<ModelDescription> = {}): ModelDescription {
  return {
    model: 'scripted/test',
    provider: 'scripted',
    hasTools: true,
    contextWindow: 200_000,
    maxOutputTokens: 16_000,
    price: null,
    isScripted: true,
    ...overrides,
  }
}

function usage() {
  return { inputTokens: 1_000, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 50, reasoningTokens: 0 }
}
