// Events as a working session has them: a call of the model, its ruling, its start and its outcome, again and again.

import { randomUUID } from 'node:crypto'
import type { EventBody, NewEvent, SessionCreated } from '@slipway/core/events'

const role = { model: 'scripted/none', effort: null, fallback: null }
const created: SessionCreated = {
  type: 'session-created',
  title: 'Bench',
  task: { text: 'Bench', source: { kind: 'cli', ref: null } },
  repository: { url: '/nowhere', forge: 'local', slug: null, base: null },
  autonomy: 'auto',
  roles: { plan: role, code: role, explore: role, summarise: role, title: role },
  limits: { budgetMicros: null, maxSteps: 100_000, maxStageSteps: 100_000, maxTurnMs: 3_600_000 },
  checks: [],
  sandbox: null,
  ownerId: 'bench',
}

/** The first event of a session, with what is said about it. */
export function exampleCreated(changes: Partial<SessionCreated>): SessionCreated {
  return { ...created, ...changes }
}

export function newEvent(body: EventBody): NewEvent {
  return { id: randomUUID(), at: new Date().toISOString(), actor: { kind: 'agent' }, body }
}

/** The first `count` events of a session; the outputs of its tools have about 1,500 characters. */
export function exampleBodies(count: number, ownerId = created.ownerId): EventBody[] {
  const bodies: EventBody[] = [
    { ...created, ownerId },
    { type: 'repository-prepared', baseBranch: 'main', baseOid: 'b'.repeat(40), branch: 'slipway/bench', ms: 1 },
    { type: 'instructions-frozen', sections: [], mcpTools: [], sha: 'sha' },
    { type: 'user-message', text: 'Bench', mode: 'steer' },
  ]
  for (let step = 0; bodies.length < count; step += 1) bodies.push(...stepBodies(step))
  return bodies.slice(0, count)
}

const output = 'A line of output as programs print them, neither short nor long.\n'.repeat(23)

function stepBodies(step: number): EventBody[] {
  const [callId, toolCallId] = [`m${step}`, `t${step}`]
  return [
    {
      type: 'model-requested',
      callId,
      role: 'code',
      model: 'scripted/none',
      attempt: 1,
      promptSha: 'a'.repeat(64),
      reservedMicros: 1_000,
      forCallId: null,
    },
    {
      type: 'model-responded',
      callId,
      content: [
        { type: 'text', text: 'I will look at the next file, then run the tests that belong to it.' },
        { type: 'tool-call', callId: toolCallId, tool: 'bash', input: { command: `npm test -- part-${step}` } },
      ],
      finish: 'tool-calls',
      usage: { inputTokens: 1_000, cacheReadTokens: 20_000, cacheWriteTokens: 500, outputTokens: 120, reasoningTokens: 0 },
      costMicros: 400,
      priceBook: '2026-01-01',
      firstTokenMs: 500,
      ms: 2_000,
    },
    { type: 'tool-ruled', callId: toolCallId, decision: 'allow', ruleId: 'contained', reason: 'stays inside the sandbox' },
    { type: 'tool-started', callId: toolCallId, tool: 'bash' },
    {
      type: 'tool-finished',
      callId: toolCallId,
      ok: true,
      output,
      blob: null,
      ms: 800,
      changed: false,
      problem: null,
      facts: { exitCode: 0 },
    },
  ]
}
