import type { EventBody, SessionEvent } from '@slipway/core/events'
import { expect, test } from 'vitest'
import { foldOf } from '../folded-events.ts'
import { makeStepFold, stepAt, totalsAt, type Step } from './steps.ts'

const stepsOf = (all: readonly SessionEvent[]): readonly Step[] => foldOf(makeStepFold, all).read()

const events = (bodies: object[]): SessionEvent[] =>
  bodies.map((body, index) => ({
    id: `e${index}`,
    sessionId: 's',
    seq: index + 1,
    at: '2026-11-21T10:00:00.000Z',
    version: 1,
    actor: { kind: 'agent' },
    // Only what is read here is given.
    body: body as EventBody,
  }))

const usage = { inputTokens: 900, outputTokens: 100, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 }
const log = events([
  { type: 'session-created', task: { text: 'Carve a dial' } },
  { type: 'model-requested', callId: 'm1', role: 'code', forCallId: null },
  {
    type: 'model-responded',
    callId: 'm1',
    content: [{ type: 'tool-call', callId: 't1', tool: 'bash', input: { command: 'ls' } }],
    usage,
    costMicros: 30,
    ms: 400,
  },
  { type: 'tool-started', callId: 't1', tool: 'bash' },
  { type: 'tool-finished', callId: 't1', ok: false, problem: 'failed', ms: 90, facts: { exitCode: 1 } },
  { type: 'checkpoint-created', checkpoint: 'c', treeHash: 'h', callId: 't1', ms: 1 },
  { type: 'model-requested', callId: 'h1', role: 'summarise', forCallId: null },
  { type: 'model-responded', callId: 'h1', content: [], usage, costMicros: 5, ms: 1 },
  { type: 'session-finished', outcome: 'unverified', summary: '' },
  { type: 'user-message', text: 'Once more', mode: 'steer' },
  { type: 'model-requested', callId: 'm2', role: 'code', forCallId: null },
])

test('each step says what it was, when it was over, and what it took', () => {
  expect(
    stepsOf(log).map(({ kind, name, endSeq, ms, costMicros, tokens, isBad, turn }) => [
      kind,
      name,
      endSeq,
      ms,
      costMicros,
      tokens,
      isBad,
      turn,
    ]),
  ).toEqual([
    ['task', 'Carve a dial', 1, null, 0, null, false, 1],
    ['thought', 'Thought, then running', 3, 400, 30, 1_000, false, 1],
    // With the checkpoint, so that its files are those after it; a helper's call counts for it too.
    ['tool', 'Ran ls', 6, 90, 5, null, true, 1],
    ['end', 'Finished: not verified', 9, null, 0, null, false, 1],
    ['message', 'Once more', 10, null, 0, null, false, 2],
    ['thought', 'Thinking', 11, null, 0, null, false, 2],
  ])
})

test('what was said names its step as one would read it out', () => {
  const said = (text: string): unknown =>
    stepsOf(events([{ ...log[1]?.body }, { ...log[2]?.body, callId: 'm1', content: [{ type: 'text', text }] }]))[0]?.name
  expect(said('## `slug` replaces **each** space, see [the test](https://x.y/z)')).toBe('slug replaces each space, see the test')
  expect(said('2 * 3 * 4, a_b_c and `')).toBe('2 * 3 * 4, a_b_c and `')
})

test('a push and its approval name the branch without the id of the session, and a failure reads without marks', () => {
  const branch = 'slipway/01m80821r4eenh4ygxpjxty46d-carve-a-dial'
  const bodies = [
    { type: 'human-asked', question: `Push 5fcb295f58 to ${branch} and open a change request in acme/dials` },
    { type: 'branch-pushed', branch },
    { type: 'guard-tripped', reason: 'It refused the API key (`slipway doctor` tests it).' },
  ]
  expect(stepsOf(events(bodies)).map(({ name }) => name)).toEqual([
    'Push 5fcb295f58 to …-carve-a-dial and open a change request in acme/dials',
    'Pushed …-carve-a-dial',
    'It refused the API key (slipway doctor tests it).',
  ])
})

test('a moment belongs to the step that had begun, with what had been spent until then', () => {
  const steps = stepsOf(log)
  expect([stepAt(steps, 'now'), stepAt(steps, 6), stepAt(steps, 8), stepAt(steps, 9)]).toEqual([5, 2, 2, 3])
  expect(totalsAt(steps, 1)).toEqual({ costMicros: 30, contextTokens: 1_000 })
  expect(totalsAt(steps, 4)).toEqual({ costMicros: 35, contextTokens: 1_000 })
})
