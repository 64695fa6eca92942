import type { EventBody, SessionEvent } from '@slipway/core/events'
import { expect, test } from 'vitest'
import { makeRowFold } from './fold-rows.ts'
import { placeOf, showsEvent } from './shows-event.ts'

const asked: EventBody = {
  type: 'model-requested',
  callId: 'm',
  role: 'code',
  model: 'scripted/x',
  attempt: 1,
  promptSha: '',
  reservedMicros: 0,
  forCallId: null,
}
const answered: EventBody = {
  type: 'model-responded',
  callId: 'm',
  content: [
    { type: 'text', text: 'I look.' },
    { type: 'tool-call', callId: 't', tool: 'bash', input: { command: 'ls' } },
  ],
  finish: 'tool-calls',
  usage: { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 },
  costMicros: 0,
  priceBook: '',
  firstTokenMs: 0,
  ms: 5,
}
const ran: EventBody = {
  type: 'tool-finished',
  callId: 't',
  ok: true,
  output: 'gnomon',
  blob: null,
  ms: 800,
  changed: false,
  problem: null,
  facts: {},
}

test('an event is seen in the rows that tell of it, else in the last one before it', () => {
  const bodies: EventBody[] = [
    { type: 'user-message', text: 'Look', mode: 'steer' },
    { type: 'instructions-frozen', sections: [], mcpTools: [], sha: '' },
    asked,
    answered,
    { type: 'tool-started', callId: 't', tool: 'bash' },
    { type: 'user-message', text: 'And then?', mode: 'steer' },
    ran,
    { type: 'session-finished', outcome: 'nothing-to-do', summary: 'Looked at.' },
  ]
  const events = bodies.map((body, at): SessionEvent => {
    return { id: `e${at}`, sessionId: 's', seq: at + 1, at: '2026-01-01T00:00:00.000Z', version: 1, actor: { kind: 'agent' }, body }
  })
  const fold = makeRowFold()
  events.forEach(fold.push)
  const rows = fold.read()
  const seenIn = events.map((event) => [rows[placeOf(rows, event)]?.key, rows.filter((row) => showsEvent(row, event)).length])
  expect(seenIn).toEqual([
    ['person-1', 1],
    // The instructions have no row.
    ['person-1', 0],
    ['answer-m', 1],
    ['answer-m', 2],
    ['calls-m', 1],
    ['person-6', 1],
    ['calls-m', 1],
    ['finished-8', 1],
  ])
})
