import type { EventBody, SessionEvent } from '@slipway/core/events'
import { expect, test } from 'vitest'
import { marksOf, rangeOf, turnStart } from './diff-range.ts'

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

const checkpoint = (treeHash: string, callId: string | null = null) => ({
  type: 'checkpoint-created',
  checkpoint: treeHash,
  treeHash,
  callId,
  ms: 1,
})
const log = events([
  { type: 'session-created' },
  checkpoint('a'),
  { type: 'user-message', text: 'a word while it works', mode: 'steer' },
  { type: 'model-responded', content: [{ type: 'tool-call', callId: 'c1', tool: 'write_file', input: { path: 'dial.ts' } }] },
  checkpoint('b', 'c1'),
  { type: 'session-finished' },
  { type: 'user-message', text: 'once more', mode: 'steer' },
  checkpoint('b'),
  { type: 'commit-offered', oid: '0123456789', subject: 'Carve' },
  checkpoint('c'),
])

test('the last turn begins at the message that woke the agent, not at one that steered it', () => {
  expect(turnStart(log, 'now')).toBe(5)
  expect(turnStart(log, 5)).toBe('base')
})

test('each scope has its range', () => {
  const chosen = { from: 2, to: 5 } as const
  expect(rangeOf(log, 'all', 'now', chosen)).toEqual({ from: 'base', to: 'now' })
  expect(rangeOf(log, 'turn', 10, chosen)).toEqual({ from: 5, to: 10 })
  expect(rangeOf(log, 'between', 'now', chosen)).toEqual(chosen)
})

test('one chooses among the states that differ, and commits', () => {
  expect(marksOf(log).map(({ value, name }) => [value, name.replace(/^\S+ {2}/, '')])).toEqual([
    ['base', 'Base of the branch'],
    [5, 'after dial.ts'],
    [9, 'commit 0123456: Carve'],
    [10, 'after event 10'],
    ['now', 'Now'],
  ])
})
