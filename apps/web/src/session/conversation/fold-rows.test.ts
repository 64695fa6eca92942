import type { Actor, EventBody, SessionEvent } from '@slipway/core/events'
import { expect, test } from 'vitest'
import { makeRowFold } from './fold-rows.ts'
import type { Row } from './row.ts'

const agent: Actor = { kind: 'agent' }
const at = '2026-01-01T00:00:00.000Z'

function fold(): { push(...bodies: EventBody[]): readonly Row[]; kinds(): string[] } {
  const folded = makeRowFold()
  let seq = 0
  return {
    push(...bodies) {
      for (const body of bodies) {
        seq++
        folded.push({ id: `e${seq}`, sessionId: 's', seq, at, version: 1, actor: agent, body } satisfies SessionEvent)
      }
      return folded.read()
    },
    kinds: () => folded.read().map((row) => row.kind),
  }
}

const created: EventBody = {
  type: 'session-created',
  title: 'T',
  task: { text: 'Do it', source: { kind: 'chat', ref: null } },
  repository: { url: '/srv/x', forge: 'local', slug: null, base: null },
  autonomy: 'auto',
  roles: {} as never, // not looked at here
  limits: { budgetMicros: null, maxSteps: 1, maxStageSteps: 1, maxTurnMs: 1 },
  checks: [],
  sandbox: null,
  ownerId: 'o',
}
const asked = (callId: string, change: Partial<Extract<EventBody, { type: 'model-requested' }>> = {}): EventBody => ({
  type: 'model-requested',
  callId,
  role: 'code',
  model: 'scripted/x',
  attempt: 1,
  promptSha: '',
  reservedMicros: 0,
  forCallId: null,
  ...change,
})
const answered = (callId: string, content: Extract<EventBody, { type: 'model-responded' }>['content']): EventBody => ({
  type: 'model-responded',
  callId,
  content,
  finish: 'stop',
  usage: { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 },
  costMicros: 0,
  priceBook: '',
  firstTokenMs: 0,
  ms: 5,
})
const bash = (callId: string): Extract<EventBody, { type: 'model-responded' }>['content'][number] => ({
  type: 'tool-call',
  callId,
  tool: 'bash',
  input: { command: 'ls' },
})
const ran = (callId: string, ok = true): EventBody => ({
  type: 'tool-finished',
  callId,
  ok,
  output: 'out',
  blob: null,
  ms: 3,
  changed: false,
  problem: ok ? null : 'failed',
  facts: {},
})

test('a streamed answer and the finished one are the same row, so that nothing is mounted anew', () => {
  const { push } = fold()
  const [streaming] = push(asked('m1')).slice(-1)
  const [finished] = push(answered('m1', [{ type: 'text', text: 'Hello' }])).slice(-1)
  expect(streaming).toMatchObject({ kind: 'answer', answer: null })
  expect(finished).toMatchObject({ kind: 'answer', key: streaming?.key, answer: { text: 'Hello' } })
})

test('the calls of one step stand together, and an answer of calls alone says nothing', () => {
  const { push, kinds } = fold()
  push(created, asked('m1'), answered('m1', [bash('a'), bash('b')]))
  expect(kinds()).toEqual(['task', 'boot', 'calls'])
  const rows = push({ type: 'tool-started', callId: 'b', tool: 'bash' }, ran('b'))
  expect(rows.at(-1)).toMatchObject({
    calls: [
      { callId: 'a', finished: null },
      { callId: 'b', finished: { ok: true } },
    ],
  })
})

test('rows that did not change stay the same objects', () => {
  const { push } = fold()
  const before = push(created, asked('m1'), answered('m1', [{ type: 'text', text: 'One' }, bash('a')]), ran('a'))
  const after = push(asked('m2'))
  expect(after.slice(0, before.length).map((row, place) => row === before[place])).toEqual(before.map(() => true))
  expect(push({ type: 'checkpoint-created', checkpoint: 'c', treeHash: 't', callId: null, ms: 1 })).toBe(after)
})

test('what a helper says is no answer of the conversation', () => {
  const { push, kinds } = fold()
  push(created, asked('t1', { role: 'title' }), answered('t1', [{ type: 'text', text: 'A title' }]))
  push(asked('x1', { role: 'explore', forCallId: 'a' }), answered('x1', [{ type: 'text', text: 'Found' }]))
  expect(kinds()).toEqual(['task', 'boot'])
})

test('a steering message is read with the next call, a queued one when the agent has come to rest', () => {
  const { push } = fold()
  const isRead = (rows: readonly Row[]): boolean[] => rows.flatMap((row) => (row.kind === 'person' ? [row.isRead] : []))
  push(created, asked('m1'))
  push({ type: 'user-message', text: 'now', mode: 'steer' }, { type: 'user-message', text: 'later', mode: 'queue' })
  push(answered('m1', [bash('a')]), ran('a'))
  expect(isRead(push(asked('m2')))).toEqual([true, false])
  push(answered('m2', [{ type: 'text', text: 'done' }]))
  expect(isRead(push(asked('m3')))).toEqual([true, true])
})

test('while a person is asked before the first answer, nothing counts as under way', () => {
  const { push } = fold()
  const isHeld = (rows: readonly Row[]) => rows.find((row) => row.kind === 'boot')?.isHeld
  expect(isHeld(push(created, asked('m1')))).toBe(false)
  expect(
    isHeld(
      push({ type: 'human-asked', askId: 'a', kind: 'continue', question: '?', options: [], callId: null, effect: null, expiresAt: null }),
    ),
  ).toBe(true)
  expect(isHeld(push({ type: 'human-answered', askId: 'a', decision: 'approve', text: '', effectHash: null, budgetMicros: null }))).toBe(
    false,
  )
})

test('a failure that is asked about is told once: by the question as long as it is open, by its card afterwards', () => {
  const { push } = fold()
  const reason = 'scripted/x rejected the request (no). Check the model’s name.'
  const told = (rows: readonly Row[]): unknown =>
    rows.flatMap((row) => (row.kind === 'failure' ? [['card', row.isAsked]] : row.kind === 'ask' ? [['question', row.isRepetition]] : []))
  push(created, asked('m1'), {
    type: 'model-failed',
    callId: 'm1',
    kind: 'rejected',
    message: 'no',
    status: 400,
    retryAt: null,
    fallback: null,
    costMicros: 0,
  })
  const ask = (question: string): EventBody[] => [
    { type: 'guard-tripped', guard: 'model', action: 'park', reason },
    { type: 'human-asked', askId: 'a', kind: 'continue', question, options: [], callId: null, effect: null, expiresAt: null },
  ]
  expect(told(push(...ask(reason)))).toEqual([
    ['card', true],
    ['question', true],
  ])
  const answer: EventBody = { type: 'human-answered', askId: 'a', decision: 'approve', text: '', effectHash: null, budgetMicros: null }
  expect(told(push(answer))).toEqual([
    ['card', false],
    ['question', true],
  ])
  expect(told(push(...ask('Something else')))).toContainEqual(['question', false])
})

test('while a failed first call waits for its next attempt, its own row alone tells of it', () => {
  const { push } = fold()
  const isRetried = (rows: readonly Row[]): unknown => rows.find((row) => row.kind === 'boot')?.isRetried
  push(created, asked('m1'))
  const failure = {
    type: 'model-failed',
    callId: 'm1',
    kind: 'overloaded',
    message: '',
    status: 529,
    fallback: null,
    costMicros: 0,
  } as const
  expect(isRetried(push({ ...failure, retryAt: at }))).toBe(true)
  expect(isRetried(push(asked('m2', { attempt: 2 })))).toBe(false)
})

test('a failed call says what comes next until the next attempt begins', () => {
  const { push, kinds } = fold()
  push(created, asked('m1'))
  const failed = push({
    type: 'model-failed',
    callId: 'm1',
    kind: 'overloaded',
    message: 'busy',
    status: 529,
    retryAt: at,
    fallback: null,
    costMicros: 0,
  })
  expect(failed.at(-1)).toMatchObject({ kind: 'failure', isOver: false })
  push(asked('m2', { attempt: 2 }))
  expect(kinds()).toEqual(['task', 'boot', 'failure', 'answer'])
  expect(push().find((row) => row.kind === 'failure')).toMatchObject({ isOver: true })
})

test('an answered question keeps its answer, and a message closes one that is open', () => {
  const { push } = fold()
  const question = (askId: string): EventBody => ({
    type: 'human-asked',
    askId,
    kind: 'question',
    question: 'Which?',
    options: ['a'],
    callId: null,
    effect: null,
    expiresAt: null,
  })
  push(question('q1'), { type: 'human-answered', askId: 'q1', decision: 'answer', text: 'a', effectHash: null, budgetMicros: null })
  const rows = push(question('q2'), { type: 'user-message', text: 'b', mode: 'steer' })
  expect(rows.flatMap((row) => (row.kind === 'ask' ? [[row.isClosed, row.answer?.body.text ?? null]] : []))).toEqual([
    [true, 'a'],
    [true, null],
  ])
})

test('a plan whose steps only move on stays one row', () => {
  const { push, kinds } = fold()
  const plan = (status: 'open' | 'done', title = 'A'): EventBody => ({
    type: 'plan-updated',
    steps: [{ title, status }],
    paths: [],
    note: '',
  })
  push(plan('open'))
  const rows = push(plan('done'))
  expect(kinds()).toEqual(['plan'])
  expect(rows[0]).toMatchObject({ steps: [{ status: 'done' }] })
  push(plan('open', 'B'))
  expect(kinds()).toEqual(['plan', 'plan'])
})

test('blocked attempts that follow each other are one card', () => {
  const { push } = fold()
  const blocked = (host: string): EventBody => ({
    type: 'egress-decided',
    host,
    port: 443,
    decision: 'denied',
    reason: 'not on the list',
    phase: 'agent',
    count: 1,
  })
  const rows = push(blocked('a.example'), blocked('b.example'), blocked('a.example'))
  expect(rows).toMatchObject([
    {
      kind: 'blocked',
      hosts: [
        { host: 'a.example', count: 2 },
        { host: 'b.example', count: 1 },
      ],
    },
  ])
})

test('more attempts at the same host count on its card, whatever stands between, until a person speaks', () => {
  const { push } = fold()
  const blocked: EventBody = {
    type: 'egress-decided',
    host: 'a.example',
    port: 443,
    decision: 'denied',
    reason: 'not on the list',
    phase: 'agent',
    count: 1,
  }
  const between: EventBody = { type: 'guard-tripped', guard: 'loop', action: 'nudge', reason: 'Again and again.' }
  const counts = (rows: readonly Row[]) => rows.flatMap((row) => (row.kind === 'blocked' ? row.hosts.map(({ count }) => count) : []))
  expect(counts(push(blocked, between, { ...blocked, count: 4 }))).toEqual([5])
  expect(counts(push({ type: 'user-message', text: 'Once more', mode: 'steer' }, blocked))).toEqual([5, 1])
})

test('what a preview was not let through to is not the agent’s doing', () => {
  const body: EventBody = {
    type: 'egress-decided',
    host: 'a.example',
    port: 443,
    decision: 'denied',
    reason: 'x',
    phase: 'agent',
    count: 1,
  }
  const folded = makeRowFold()
  folded.push({ id: 'e1', sessionId: 's', seq: 1, at, version: 1, actor: { kind: 'system', id: 'preview' }, body })
  expect(folded.read()).toMatchObject([{ kind: 'blocked', hosts: [{ phase: 'preview' }] }])
})

test('the outcome of a call whose step is not loaded is shown all the same', () => {
  const { push } = fold()
  const rows = push({ type: 'tool-started', callId: 'z', tool: 'bash' }, ran('z', false))
  expect(rows).toMatchObject([{ kind: 'calls', calls: [{ tool: 'bash', finished: { ok: false } }] }])
})

test('a summary that repeats the last answer is marked, so that it is not said twice', () => {
  const { push } = fold()
  const rows = push(asked('m1'), answered('m1', [{ type: 'text', text: 'All done.' }]), {
    type: 'session-finished',
    outcome: 'unverified',
    summary: 'All done.',
  })
  expect(rows.at(-1)).toMatchObject({ kind: 'finished', isRepetition: true })
})

test('attempts that fail alike, one after the other, are one row that counts them', () => {
  const { push } = fold()
  const failed = (callId: string, retryAt: string | null): EventBody => ({
    type: 'model-failed',
    callId,
    kind: 'overloaded',
    message: 'busy',
    status: 529,
    retryAt,
    fallback: null,
    costMicros: 0,
  })
  const rows = push(asked('m1'), failed('m1', at), asked('m2', { attempt: 2 }), failed('m2', null))
  expect(rows).toMatchObject([{ kind: 'failure', attempts: 2, isOver: true, failure: { callId: 'm2' } }])
})

test('a commit is one line: its own', () => {
  const { push, kinds } = fold()
  const commit = { ...bash('c'), tool: 'commit', input: { message: 'Do it' } }
  push(asked('m1'), answered('m1', [commit]), { type: 'commit-offered', oid: 'abc', subject: 'Do it', files: [], warnings: [] })
  push({ ...(ran('c') as Extract<EventBody, { type: 'tool-finished' }>), facts: { oid: 'abc' } })
  expect(kinds()).toEqual(['commit'])
})

test('a deployment is one row as it goes on, and each change of production another', () => {
  const { push } = fold()
  const deployed = (target: 'preview' | 'production', state: string, deploymentId = 'd1'): EventBody => ({
    type: 'deployment-updated',
    deploymentId,
    target,
    state,
    url: null,
  })
  const rows = push(
    deployed('preview', 'QUEUED'),
    deployed('preview', 'READY'),
    deployed('production', 'PROMOTING'),
    deployed('production', 'READY'),
    deployed('production', 'ROLLING BACK', 'd0'),
    deployed('production', 'READY', 'd0'),
    deployed('production', 'PROMOTING'),
  )
  expect(
    rows.map((row) => row.kind === 'deployment' && [row.deployment.target, row.deployment.state, row.deployment.deploymentId]),
  ).toEqual([
    ['preview', 'READY', 'd1'],
    ['production', 'READY', 'd1'],
    ['production', 'READY', 'd0'],
    ['production', 'PROMOTING', 'd1'],
  ])
  const shown = (): unknown => push().map((row) => row.kind === 'deployment' && row.production)
  expect(shown()).toEqual(['changing', 'no', 'shown', 'changing'])
  push(deployed('production', 'READY'))
  expect(shown()).toEqual(['shown', 'no', 'no', 'shown'])
  push(deployed('production', 'ROLLING BACK', 'd0'), deployed('production', 'ERROR', 'd0'))
  expect(shown()).toEqual(['shown', 'no', 'no', 'shown', 'no'])
})

test('a change of the mode is a line, and an event of a newer server is passed over', () => {
  const { push } = fold()
  const rows = push({ type: 'moon-risen' } as unknown as EventBody, { type: 'autonomy-changed', autonomy: 'ask' })
  expect(rows.map((row) => row.kind === 'note' && [row.verb, row.text])).toEqual([['Mode', 'Ask about everything']])
})
