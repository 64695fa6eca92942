import { describe, expect, it } from 'vitest'
import type { EventBody } from './events.ts'
import { nextMove } from './next-move.ts'
import { buildLog, call, created, describedModel, readyLog, situation, text, type LogBuilder } from './testing/log-builder.ts'
import { statusOf } from './state.ts'

const move = (log: LogBuilder, ...models: Parameters<typeof situation>[1] & {}) => nextMove(log.state(), situation(log, models))

/** Carries out moves that follow from the log alone, until one needs the outside. */
function settle(log: LogBuilder) {
  for (let step = 0; step < 50; step++) {
    const next = move(log)
    if (next.kind !== 'record') return next
    log.add(...next.bodies)
  }
  throw new Error('fifty moves without needing the outside')
}

const commitFacts: EventBody[] = [
  { type: 'commit-offered', oid: 'c'.repeat(40), subject: 'fix', files: [{ path: 'src/sum.ts', added: 1, removed: 1 }], warnings: [] },
  { type: 'scan-finished', oid: 'c'.repeat(40), result: 'clean', findings: [], scannedBytes: 10, ms: 1 },
]
const verified: EventBody = { type: 'verification-finished', oid: 'c'.repeat(40), result: 'passed', receipts: [], ms: 1 }

describe('nextMove: getting started', () => {
  it('prepares the repository, then freezes the instructions, then calls the plan model', () => {
    const log = buildLog()
    expect(move(log)).toEqual({ kind: 'prepare-repository' })
    log.add({ type: 'repository-prepared', baseBranch: 'main', baseOid: 'b', branch: 'slipway/s1', ms: 1 })
    expect(move(log)).toEqual({ kind: 'freeze-instructions' })
    log.add({ type: 'instructions-frozen', sections: [], mcpTools: [], sha: 'x' })
    expect(move(log)).toEqual({
      kind: 'call-model',
      role: 'plan',
      model: 'scripted/test',
      attempt: 1,
      maxOutputTokens: 16_000,
      reserveMicros: 0,
    })
  })
})

describe('nextMove: a batch of tool calls', () => {
  it('runs readers side by side and a changing call alone, in order', () => {
    const log = readyLog().answer([call('a', 'read_file'), call('b', 'search'), call('c', 'bash'), call('d', 'read_file')])
    expect(move(log)).toMatchObject({ kind: 'run-tools', calls: [{ callId: 'a' }, { callId: 'b' }] })
    log.settle('a').settle('b')
    expect(move(log)).toMatchObject({ kind: 'run-tools', calls: [{ callId: 'c' }] })
    log.settle('c')
    expect(move(log)).toMatchObject({ kind: 'run-tools', calls: [{ callId: 'd' }] })
    log.settle('d')
    expect(log.state().transcript.at(-1)).toMatchObject({
      kind: 'results',
      results: [{ callId: 'a' }, { callId: 'b' }, { callId: 'c' }, { callId: 'd' }],
    })
    expect(move(log)).toMatchObject({ kind: 'call-model' })
  })

  it('tells the model what was wrong with a malformed call instead of running it', () => {
    const log = readyLog().answer([{ type: 'tool-call', callId: 'a', tool: 'bash', input: {}, invalid: 'command is missing' }])
    expect(settle(log)).toMatchObject({ kind: 'call-model' })
    expect(log.state().transcript.at(-1)).toMatchObject({ kind: 'results', results: [{ ok: false, output: 'command is missing' }] })
  })

  it('repeats a reader after a crash, but reports a command as interrupted', () => {
    const log = readyLog().answer([call('a', 'read_file'), call('b', 'bash')])
    log.add({ type: 'tool-started', callId: 'a', tool: 'read_file' })
    expect(move(log)).toMatchObject({ kind: 'run-tools', calls: [{ callId: 'a' }] })
    log.settle('a').add({ type: 'tool-started', callId: 'b', tool: 'bash' })
    expect(settle(log)).toMatchObject({ kind: 'call-model' })
    expect(log.state().transcript.at(-1)).toMatchObject({ results: [{ ok: true }, { callId: 'b', ok: false }] })
  })

  it('gives up on a call that brought the worker down three times', () => {
    const log = readyLog().answer([call('a', 'read_file')])
    for (let start = 0; start < 3; start++) log.add({ type: 'tool-started', callId: 'a', tool: 'read_file' })
    expect(move(log)).toMatchObject({ kind: 'record', bodies: [{ type: 'tool-finished', problem: 'interrupted' }] })
  })

  it('fails every call of an answer that was cut at its length limit', () => {
    const log = readyLog().answer([call('a', 'write_file')], 'length')
    settle(log)
    expect(log.state().transcript.at(-1)).toMatchObject({ results: [{ ok: false }] })
  })
})

describe('nextMove: crashes and stops', () => {
  it('counts a model call that a crash cut as spent, and makes it again', () => {
    const log = readyLog().add({
      type: 'model-requested',
      callId: 'm',
      role: 'plan',
      model: 'scripted/test',
      attempt: 1,
      promptSha: 'x',
      reservedMicros: 700,
      forCallId: null,
    })
    expect(settle(log)).toMatchObject({ kind: 'call-model', attempt: 2 })
    expect(log.state().spend.costMicros).toBe(700)
  })

  it('ends a stopped session with every open call accounted for', () => {
    const log = readyLog()
      .answer([call('a', 'bash'), call('b', 'bash')])
      .add({ type: 'tool-started', callId: 'a', tool: 'bash' }, { type: 'stop-requested', reason: 'enough' })
    expect(settle(log)).toEqual({ kind: 'wait', until: null, reason: 'finished' })
    expect(log.state().finished).toEqual({ outcome: 'stopped', summary: 'enough' })
    expect(log.state().transcript.at(-1)).toMatchObject({
      results: [
        { callId: 'a', ok: false },
        { callId: 'b', ok: false },
      ],
    })
  })

  it('goes on when somebody writes to a stopped session', () => {
    const log = readyLog()
      .answer([call('a', 'bash')])
      .add({ type: 'stop-requested', reason: 'enough' })
    settle(log)
    log.add({ type: 'user-message', text: 'go on', mode: 'steer' })
    expect(move(log)).toMatchObject({ kind: 'call-model' })
  })
})

describe('nextMove: people', () => {
  it('shows a message only after the results of the batch it arrived in', () => {
    const log = readyLog()
      .answer([call('a', 'bash')])
      .add({ type: 'user-message', text: 'use tabs', mode: 'steer' })
      .settle('a')
      .answer([text('ok')])
    const kinds = log.state().transcript.map((item) => item.kind)
    expect(kinds).toEqual(['user', 'assistant', 'results', 'user', 'assistant'])
  })

  it('keeps a queued message until the agent rests', () => {
    const log = readyLog()
      .answer([call('a', 'bash')])
      .add({ type: 'user-message', text: 'then the docs', mode: 'queue' })
      .settle('a')
      .answer([text('done')])
    expect(log.state().transcript.filter((item) => item.kind === 'user')).toHaveLength(1)
    expect(move(log)).toMatchObject({ kind: 'call-model' })
    log.answer([text('docs done')])
    expect(log.state().transcript.filter((item) => item.kind === 'user')).toHaveLength(2)
  })

  it('waits for the answer to a question and hands it to the model', () => {
    const log = readyLog().answer([call('a', 'ask_human', { question: 'Which one?' })])
    expect(settle(log)).toMatchObject({ kind: 'wait', until: null, reason: 'Which one?' })
    expect(statusOf(log.state())).toBe('waiting')
    log.add({ type: 'user-message', text: 'the second', mode: 'steer' })
    settle(log)
    expect(log.state().transcript.at(-1)).toMatchObject({ results: [{ ok: true, output: 'the second' }] })
  })

  it('refuses changes before the plan is approved when the person wants to see it', () => {
    const log = readyLog({ autonomy: 'ask' }).answer([call('a', 'edit_file')])
    settle(log)
    expect(log.state().transcript.at(-1)).toMatchObject({ results: [{ ok: false, output: expect.stringContaining('plan') }] })
    log.answer([call('b', 'update_plan', { steps: [{ title: 'fix', status: 'open' }] })])
    expect(settle(log)).toMatchObject({ kind: 'wait' })
    log.add({
      type: 'human-answered',
      askId: log.state().ask?.askId ?? '',
      decision: 'approve',
      text: '',
      effectHash: null,
      budgetMicros: null,
    })
    log.answer([call('c', 'edit_file')])
    expect(settle(log)).toMatchObject({ kind: 'run-tools' })
  })
})

describe('nextMove: another mode while it runs', () => {
  const mode = (autonomy: 'ask' | 'plan' | 'auto'): EventBody => ({ type: 'autonomy-changed', autonomy })
  const publish = () => [call('p', 'publish', { title: 'Fix', summary: 'Fixed.' })]
  const told = (log: ReturnType<typeof readyLog>) =>
    log.state().inbox.flatMap((item) => (item.kind === 'note' && item.origin === 'mode' ? [item.text] : []))

  it('publishes without asking from now on, or asks from now on', () => {
    const freed = readyLog({ autonomy: 'plan' })
      .add(...commitFacts, mode('auto'), verified)
      .answer(publish())
    expect(move(freed)).toMatchObject({ kind: 'run-tools', calls: [{ ruling: { decision: 'allow' } }] })
    const held = readyLog({ autonomy: 'auto' })
      .add(...commitFacts)
      .answer(publish())
      .add(verified, mode('plan'))
    settle(held)
    expect(held.state().ask).toMatchObject({ kind: 'approval', callId: 'p' })
    // Neither is news to the model: what waits is decided outside of it.
    expect([told(freed), told(held)]).toEqual([[], []])
  })

  it('leaves a question open that was asked before', () => {
    const log = readyLog({ autonomy: 'plan' })
      .add(...commitFacts)
      .answer(publish())
      .add(verified)
    settle(log)
    const { ask } = log.state()
    log.add(mode('auto'))
    expect(log.state().ask).toEqual(ask)
    expect(move(log)).toMatchObject({ kind: 'wait' })
  })

  it('wants a plan before the next change, tells the model so, and takes that back', () => {
    const log = readyLog({ autonomy: 'auto' }).add(mode('ask'))
    expect(told(log)).toEqual([expect.stringContaining('approve a plan')])
    log.answer([call('a', 'edit_file')])
    settle(log)
    expect(log.state().transcript.at(-1)).toMatchObject({ results: [{ ok: false, output: expect.stringContaining('plan-first') }] })
    log.add(mode('auto'))
    expect(told(log)).toEqual([expect.stringContaining('no longer')])
    log.answer([call('b', 'edit_file')])
    expect(settle(log)).toMatchObject({ kind: 'run-tools' })
  })

  it('is no reason to call the model again', () => {
    const log = readyLog({ autonomy: 'auto' })
      .answer([text('Nothing to do.')])
      .add(mode('ask'))
    expect(move(log)).toMatchObject({ kind: 'record', bodies: [{ type: 'session-finished' }] })
  })
})

describe('nextMove: publishing', () => {
  const publishing = (overrides: Partial<typeof created> = {}) =>
    readyLog(overrides)
      .add(...commitFacts)
      .answer([call('p', 'publish', { title: 'Fix', summary: 'Fixed.' })])

  it('verifies the exact commit before anything leaves', () => {
    const log = publishing()
    expect(move(log)).toEqual({ kind: 'verify', callId: 'p', oid: 'c'.repeat(40) })
    log.add(verified)
    expect(move(log)).toMatchObject({ kind: 'run-tools', calls: [{ callId: 'p', ruling: { decision: 'allow' } }] })
  })

  it('never publishes a commit whose secret scan is not clean', () => {
    const log = readyLog()
      .add(
        { ...(commitFacts[0] as EventBody) },
        { type: 'scan-finished', oid: 'c'.repeat(40), result: 'timed-out', findings: [], scannedBytes: 0, ms: 1 },
      )
      .answer([call('p', 'publish')])
    settle(log)
    expect(log.state().transcript.at(-1)).toMatchObject({ results: [{ ok: false, output: expect.stringContaining('secret-scan') }] })
  })

  it('hands failing checks back to the model, and publishes a draft after the third time', () => {
    const log = publishing()
    for (let round = 1; round <= 2; round++) {
      expect(settle(log)).toMatchObject({ kind: 'verify' })
      log.add({ ...verified, result: 'failed' } as EventBody)
      expect(settle(log)).toMatchObject({ kind: 'call-model' })
      log.answer([call(`p${round}`, 'publish')])
    }
    expect(settle(log)).toMatchObject({ kind: 'verify' })
    log.add({ ...verified, result: 'failed' } as EventBody)
    expect(settle(log)).toMatchObject({ kind: 'run-tools', calls: [{ ruling: { ruleId: 'declared-destination-draft' } }] })
  })

  it('asks a person with the exact effect, and takes the approval for that effect only', () => {
    const log = publishing({ autonomy: 'plan' }).add(verified)
    expect(settle(log)).toMatchObject({ kind: 'wait' })
    const ask = log.state().ask
    expect(ask).toMatchObject({ kind: 'approval', callId: 'p', effect: { kind: 'change-request' } })
    log.add({ type: 'human-answered', askId: ask?.askId ?? '', decision: 'approve', text: '', effectHash: 'another', budgetMicros: null })
    expect(log.state().ask).not.toBeNull()
    log.add({
      type: 'human-answered',
      askId: ask?.askId ?? '',
      decision: 'approve',
      text: '',
      effectHash: ask?.effect?.hash ?? null,
      budgetMicros: null,
    })
    expect(move(log)).toMatchObject({ kind: 'run-tools', calls: [{ callId: 'p', ruling: { decision: 'allow' } }] })
  })

  it('asks even in automatic mode when a protected path changed', () => {
    const log = readyLog()
      .add(
        {
          ...(commitFacts[0] as Extract<EventBody, { type: 'commit-offered' }>),
          warnings: [{ rule: 'ci', path: '.github/workflows/ci.yml', message: 'changes what runs in CI' }],
        },
        commitFacts[1] as EventBody,
      )
      .answer([call('p', 'publish')])
      .add(verified)
    expect(settle(log)).toMatchObject({ kind: 'wait' })
    expect(log.state().ask?.effect?.reason).toContain('.github/workflows/ci.yml')
  })

  it('does not run an effect that a person rejected', () => {
    const log = publishing({ autonomy: 'plan' }).add(verified)
    settle(log)
    log.add({
      type: 'human-answered',
      askId: log.state().ask?.askId ?? '',
      decision: 'reject',
      text: 'rename it',
      effectHash: null,
      budgetMicros: null,
    })
    expect(settle(log)).toMatchObject({ kind: 'call-model' })
    expect(log.state().transcript.at(-1)).toMatchObject({ results: [{ ok: false, output: expect.stringContaining('rename it') }] })
  })

  it('takes words alone for no approval', () => {
    const log = publishing({ autonomy: 'plan' }).add(verified)
    settle(log)
    log.add({
      type: 'human-answered',
      askId: log.state().ask?.askId ?? '',
      decision: 'answer',
      text: 'go ahead',
      effectHash: log.state().ask?.effect?.hash ?? null,
      budgetMicros: null,
    })
    expect(settle(log)).toMatchObject({ kind: 'call-model' })
    expect(log.state().transcript.at(-1)).toMatchObject({ results: [{ ok: false, output: expect.stringContaining('go ahead') }] })
  })

  it('treats an approval that comes too late as none', () => {
    const log = publishing({ autonomy: 'plan' }).add(verified)
    settle(log)
    const late = { ...situation(log), nowMs: log.nowMs() + 8 * 86_400_000 }
    expect(nextMove(log.state(), late)).toMatchObject({ kind: 'record', bodies: [{ type: 'human-answered', decision: 'reject' }] })
  })
})

describe('nextMove: finishing', () => {
  it('calls a published and verified change verified', () => {
    const log = readyLog().add(
      ...commitFacts,
      verified,
      { type: 'branch-pushed', branch: 'slipway/s1-fix', oid: 'c'.repeat(40), alreadyThere: false },
      { type: 'change-request-opened', number: 1, url: 'u', branch: 'b', base: 'main', draft: false, alreadyThere: false },
    )
    log.answer([call('f', 'finish', { summary: 'Fixed.' })])
    settle(log)
    expect(log.state().finished).toEqual({ outcome: 'verified', summary: 'Fixed.' })
  })

  it('reminds once of unpublished work, then lets go and calls it unverified', () => {
    const log = readyLog()
      .add(...commitFacts)
      .answer([call('f', 'finish', { summary: 'Done.' })])
    expect(settle(log)).toMatchObject({ kind: 'call-model' })
    log.answer([call('g', 'finish', { summary: 'Done.' })])
    settle(log)
    expect(log.state().finished).toEqual({ outcome: 'unverified', summary: 'Done.' })
  })

  it('reminds an agent that rested without finishing, and refuses its finish no more', () => {
    const log = readyLog()
      .add(...commitFacts)
      .answer([text('Done, I think.')])
    expect(settle(log)).toMatchObject({ kind: 'call-model' })
    expect(log.state().inbox).toMatchObject([{ text: expect.stringMatching(/Call publish, or call finish to leave it so on purpose\.$/) }])
    log.answer([call('f', 'finish', { summary: 'Done.' })])
    settle(log)
    expect(log.state().finished).toEqual({ outcome: 'unverified', summary: 'Done.' })
  })

  it('ends a turn that only answered a question', () => {
    const log = readyLog().answer([text('It is 42.')])
    settle(log)
    expect(log.state().finished).toEqual({ outcome: 'nothing-to-do', summary: 'It is 42.' })
  })

  it('asks once to go on after a length cut, then a person: half an answer is no end', () => {
    const log = readyLog().answer([text('First I')], 'length')
    expect(settle(log)).toMatchObject({ kind: 'call-model' })
    log.answer([], 'length')
    expect(settle(log)).toMatchObject({ kind: 'wait', reason: expect.stringContaining('cut at its length limit again') })
    expect(log.state().finished).toBeNull()
  })

  it('goes on after a refusal when a person says so, instead of parking on it again', () => {
    const log = readyLog().answer([text('I cannot help with that.')], 'refusal')
    expect(settle(log)).toMatchObject({ kind: 'wait', reason: expect.stringContaining('declined') })
    const askId = log.state().ask?.askId ?? ''
    log.add({ type: 'human-answered', askId, decision: 'approve', text: '', effectHash: null, budgetMicros: null })
    expect(settle(log)).toMatchObject({ kind: 'call-model' })
    expect(log.state().inbox).toMatchObject([{ kind: 'note', text: expect.stringContaining('says to go on') }])
  })

  it('starts the next turn at once for a message that was queued', () => {
    const log = readyLog()
      .answer([call('f', 'finish', { summary: 'Done.' })])
      .add({ type: 'user-message', text: 'and now the docs', mode: 'queue' })
    expect(settle(log)).toMatchObject({ kind: 'call-model' })
    expect(log.state().finished).toBeNull()
  })
})

describe('nextMove: guards', () => {
  it('nudges a loop once, then parks and asks', () => {
    const log = readyLog()
    const repeat = () => {
      for (let round = 0; round < 3; round++) {
        const id = `c${log.events().length}`
        log.answer([call(id, 'bash', { command: 'make' })]).settle(id, { ok: false, output: 'error', problem: 'failed' })
      }
    }
    repeat()
    expect(settle(log)).toMatchObject({ kind: 'call-model' })
    expect(log.events().at(-1)?.body).toMatchObject({ type: 'guard-tripped', guard: 'loop', action: 'nudge' })
    repeat()
    expect(settle(log)).toMatchObject({ kind: 'wait' })
    expect(log.state()).toMatchObject({ parked: { guard: 'loop' }, ask: { kind: 'continue' } })
    log.add({ type: 'user-message', text: 'try the other target', mode: 'steer' })
    expect(move(log)).toMatchObject({ kind: 'call-model' })
  })

  it('tells the model why it was paused and what the person said when it goes on', () => {
    const log = readyLog().add({ type: 'guard-tripped', guard: 'loop', action: 'park', reason: 'The same call three times.' })
    log.answer([call('c', 'bash', { command: 'make' })]).settle('c')
    log.add(
      { type: 'human-asked', askId: 'a', kind: 'continue', question: 'q', options: [], callId: null, effect: null, expiresAt: null },
      { type: 'human-answered', askId: 'a', decision: 'approve', text: 'use ninja', effectHash: null, budgetMicros: null },
    )
    expect(log.state()).toMatchObject({
      parked: null,
      messages: ['use ninja'],
      inbox: [
        {
          kind: 'note',
          origin: 'guard: loop',
          text: expect.stringContaining('paused: The same call three times. A person says to go on.'),
        },
        { kind: 'user', text: 'use ninja' },
      ],
    })
  })

  it('asks a person after five malformed calls in a row', () => {
    const log = readyLog()
    for (let round = 0; round < 5; round++)
      log
        .answer([{ type: 'tool-call', callId: `c${round}`, tool: 'bash', input: { round }, invalid: `wrong ${round}` }])
        .settle(`c${round}`, { ok: false, output: `wrong ${round}`, problem: 'input' })
    settle(log)
    expect(log.state().parked).toMatchObject({ guard: 'mistakes' })
  })

  it('parks when the turn has used up its steps or its time', () => {
    const log = readyLog({ limits: { ...created.limits, maxSteps: 1 } })
      .answer([call('a', 'bash')])
      .settle('a')
    settle(log)
    expect(log.state().parked).toMatchObject({ guard: 'turns' })
    const slow = readyLog({ limits: { ...created.limits, maxTurnMs: 1_000 } })
    settle(slow)
    expect(slow.state().parked).toMatchObject({ guard: 'wall' })
  })

  it('asks for money before a call that the budget does not cover, and goes on when it is raised', () => {
    const price = { input: 3_000_000, output: 15_000_000, cacheRead: 300_000, cacheWrite: 3_750_000, tier: null }
    const log = readyLog({ limits: { ...created.limits, budgetMicros: 1_000 } })
    const next = move(log, describedModel({ price }))
    expect(next).toMatchObject({ kind: 'record', bodies: [{ type: 'human-asked', kind: 'budget' }] })
    if (next.kind === 'record') log.add(...next.bodies)
    log.add({
      type: 'human-answered',
      askId: log.state().ask?.askId ?? '',
      decision: 'approve',
      text: '',
      effectHash: null,
      budgetMicros: 5_000_000,
    })
    const afterwards = move(log, describedModel({ price }))
    expect(afterwards).toMatchObject({ kind: 'call-model', maxOutputTokens: 16_000 })
    expect(afterwards.kind === 'call-model' && afterwards.reserveMicros).toBeGreaterThan(0)
  })

  it('shortens the answer when the budget covers only that', () => {
    const price = { input: 3_000_000, output: 15_000_000, cacheRead: 300_000, cacheWrite: 3_750_000, tier: null }
    const log = readyLog({ limits: { ...created.limits, budgetMicros: 100_000 } })
    const next = move(log, describedModel({ price }))
    expect(next.kind === 'call-model' && next.maxOutputTokens < 16_000 && next.reserveMicros <= 100_000).toBe(true)
  })
})

describe('nextMove: models that fail', () => {
  const failed = (extra: Partial<Extract<EventBody, { type: 'model-failed' }>>): EventBody[] => [
    {
      type: 'model-requested',
      callId: 'm',
      role: 'plan',
      model: 'scripted/test',
      attempt: 1,
      promptSha: 'x',
      reservedMicros: 0,
      forCallId: null,
    },
    {
      type: 'model-failed',
      callId: 'm',
      kind: 'rate-limit',
      message: 'slow down',
      status: 429,
      retryAt: null,
      fallback: null,
      costMicros: 0,
      ...extra,
    },
  ]

  it('waits until the stored time, then calls again', () => {
    const log = readyLog().add(...failed({ retryAt: new Date(Date.parse('2026-01-01T00:01:00Z')).toISOString() }))
    expect(move(log)).toMatchObject({ kind: 'wait', until: '2026-01-01T00:01:00.000Z', reason: expect.stringContaining('slow down') })
    expect(nextMove(log.state(), { ...situation(log), nowMs: Date.parse('2026-01-01T00:01:00Z') })).toMatchObject({
      kind: 'call-model',
      attempt: 2,
    })
  })

  it.each([
    [500, 'wait'],
    [35_000, 'call-model'],
    [3_600_000, 'call-model'],
  ])('does not wait longer than the pause was when it began: the clock was set back by %i ms', (backMs, kind) => {
    const log = readyLog().add(...failed({ retryAt: '2026-01-01T00:00:20.000Z' }))
    const failedAt = Date.parse(log.events().at(-1)?.at ?? '')
    expect(nextMove(log.state(), { ...situation(log), nowMs: failedAt - backMs })).toMatchObject({ kind })
  })

  it('uses the fallback that the failure names', () => {
    const log = readyLog().add(...failed({ retryAt: '2026-01-01T00:00:00.000Z', fallback: 'openai/other' }))
    expect(move(log)).toMatchObject({ kind: 'call-model', model: 'openai/other' })
  })

  it('blames the model that failed, not the one that comes next or the one that came first', () => {
    const handedOver = readyLog().add(...failed({ retryAt: '2026-01-01T00:01:00.000Z', fallback: 'openai/other' }))
    expect(move(handedOver)).toMatchObject({ kind: 'wait', reason: expect.stringMatching(/^scripted\/test is rate-limited/) })
    const requested = failed({})[0]
    const given = readyLog()
    if (requested?.type === 'model-requested') given.add({ ...requested, model: 'openai/other' }, ...failed({}).slice(1))
    settle(given)
    expect(given.state().parked?.reason).toMatch(/^openai\/other is rate-limited/)
  })

  it('stays with the fallback when the worker dies while it is asked', () => {
    const roles = { ...created.roles, plan: { model: 'scripted/test', effort: null, fallback: 'openai/other' } }
    const log = readyLog({ roles })
    const requested = failed({})[0]
    if (requested?.type === 'model-requested') log.add({ ...requested, attempt: 4, model: 'openai/other' })
    expect(settle(log)).toMatchObject({ kind: 'call-model', model: 'openai/other', attempt: 5 })
  })

  it('counts what a failed call is known to have used', () => {
    const usage = { inputTokens: 500, cacheReadTokens: 400, cacheWriteTokens: 0, outputTokens: 7, reasoningTokens: 0 }
    const log = readyLog().add(...failed({ kind: 'cut', usage, costMicros: 30 }))
    expect(log.state().spend).toMatchObject({ usage, costMicros: 30, calls: 0 })
  })

  it('parks with a reason when a person is needed, and goes on after a message', () => {
    const log = readyLog().add(...failed({ kind: 'auth', message: 'the key was refused' }))
    expect(settle(log)).toMatchObject({ kind: 'wait' })
    expect(log.state().parked).toMatchObject({ guard: 'model' })
    log.add({ type: 'user-message', text: 'the key is mended', mode: 'steer' })
    expect(move(log)).toMatchObject({ kind: 'call-model' })
  })

  it('falls back to a model with tools when one has none, and asks when none has', () => {
    const roles = { ...created.roles, plan: { model: 'ollama/chat', effort: null, fallback: 'ollama/tools' } }
    const log = readyLog({ roles })
    expect(move(log, describedModel({ model: 'ollama/chat', hasTools: false }))).toMatchObject({
      kind: 'call-model',
      model: 'ollama/tools',
    })
    const alone = readyLog({
      roles: {
        ...created.roles,
        plan: { model: 'ollama/chat', effort: null, fallback: null },
        code: { model: 'ollama/chat', effort: null, fallback: null },
      },
    })
    const next = move(alone, describedModel({ model: 'ollama/chat', hasTools: false }))
    expect(next).toMatchObject({ kind: 'record', bodies: [{ type: 'guard-tripped', guard: 'model' }, { type: 'human-asked' }] })
  })

  it('parks instead of compacting for ever when nothing can be cut', () => {
    const log = readyLog().add(...failed({ kind: 'overflow' }))
    expect(settle(log)).toMatchObject({ kind: 'wait' })
    expect(log.state().parked).toMatchObject({ guard: 'model' })
  })
})

describe('nextMove: small windows', () => {
  it('summarises a conversation that a small window cannot hold, although it is short', () => {
    const log = readyLog()
    for (let step = 0; step < 4; step++) {
      log.answer([call(`r${step}`, 'read_file', { path: `${step}.txt` })])
      log.settle(`r${step}`, { output: 'word '.repeat(step === 3 ? 2_400 : 600) })
    }
    expect(move(log, describedModel({ contextWindow: 8_192, maxOutputTokens: 2_048 }))).toMatchObject({ kind: 'compact' })
  })
})
