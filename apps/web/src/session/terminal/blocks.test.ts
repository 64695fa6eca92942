import type { EventBody, SessionEvent } from '@slipway/core/events'
import { expect, test } from 'vitest'
import { foldOf } from '../folded-events.ts'
import { makeBlockFold } from './blocks.ts'

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

const receipt = { command: 'npm test', exitCode: 1, killed: null, ms: 1_200, outputSha: 'f00', tail: 'not ok' }
const long = 'ok\n'.repeat(1_000)
const log = events([
  { type: 'setup-finished', ok: true, cached: false, steps: [{ ...receipt, command: 'npm ci', exitCode: 0, tail: long }], ms: 1 },
  {
    type: 'model-responded',
    content: [
      { type: 'tool-call', callId: 'a', tool: 'bash', input: { command: 'seq 3' } },
      { type: 'tool-call', callId: 'b', tool: 'read_file', input: { path: 'x' } },
      { type: 'tool-call', callId: 'c', tool: 'bash', input: { command: 'serve', background: true } },
    ],
  },
  { type: 'tool-started', callId: 'a', tool: 'bash' },
  { type: 'tool-started', callId: 'b', tool: 'read_file' },
  {
    type: 'tool-finished',
    callId: 'a',
    ok: true,
    output: 'Exit code 0 after 0.1 s.\n1\n2\n3',
    blob: 'b10b',
    ms: 90,
    facts: { exitCode: 0, killed: null },
  },
  { type: 'tool-started', callId: 'c', tool: 'bash' },
  {
    type: 'tool-finished',
    callId: 'c',
    ok: true,
    output: 'Started in the background as bg1. Use …',
    blob: null,
    ms: 5,
    facts: { background: 'bg1' },
  },
  { type: 'model-responded', content: [{ type: 'tool-call', callId: 'd', tool: 'bash_output', input: { id: 'bg1' } }] },
  { type: 'tool-started', callId: 'd', tool: 'bash_output' },
  {
    type: 'tool-finished',
    callId: 'd',
    ok: true,
    output: 'Running for 2.0 s.\nlistening',
    blob: null,
    ms: 5,
    facts: { running: true, exitCode: null },
  },
  { type: 'verification-finished', receipts: [receipt] },
  { type: 'tool-started', callId: 'e', tool: 'bash' },
])

test('every command is a block with what it printed and how it ended', () => {
  expect(
    foldOf(makeBlockFold, log)
      .read()
      .map(({ origin, command, output, wholeSha, result }) => [origin, command, output, wholeSha, result]),
  ).toEqual([
    ['setup', 'npm ci', long, 'f00', { isGood: true, text: 'exit code 0, 1.2 s' }],
    ['agent', 'seq 3', '1\n2\n3', 'b10b', { isGood: true, text: 'exit code 0, 90 ms' }],
    ['agent', 'serve', '', null, { isGood: true, text: 'in the background as bg1' }],
    ['agent', '# output of bg1: serve', 'listening', null, { isGood: true, text: 'Running for 2.0 s.' }],
    ['verification', 'npm test', 'not ok', null, { isGood: false, text: 'exit code 1, 1.2 s' }],
    ['agent', '', '', null, null],
  ])
})

test('an earlier moment knows nothing of what came later', () => {
  const blocks = foldOf(makeBlockFold, log.slice(0, 4)).read()
  expect(blocks.map(({ key, result }) => [key, result])).toEqual([
    ['1:0', { isGood: true, text: 'exit code 0, 1.2 s' }],
    ['a', null],
  ])
})
