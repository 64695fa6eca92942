import { expect, it } from 'vitest'
import type { EventBody } from '../events.ts'
import { nextMove } from '../next-move.ts'
import { call, readyLog, situation, type LogBuilder } from '../testing/log-builder.ts'

const [first, second, base] = ['a', 'd', 'e'].map((letter) => letter.repeat(40)) as [string, string, string]

const committed = (oid: string, baseOid?: string): EventBody => ({
  type: 'commit-offered',
  oid,
  subject: 's',
  files: [],
  warnings: [],
  ...(baseOid === undefined ? {} : { baseOid }),
})
const kept = (checkpoint: string): EventBody => ({ type: 'checkpoint-created', checkpoint, treeHash: checkpoint, callId: null, ms: 1 })
const restored = (checkpoint: string): EventBody => ({ type: 'checkpoint-restored', checkpoint, treeHash: checkpoint, reason: 'lost' })
const takenIn = (checkpoint: string | null): EventBody => ({
  type: 'base-taken-in',
  base: 'main',
  baseOid: base,
  checkpoint,
  conflicts: checkpoint === null ? [] : ['a.txt'],
})
const move = (log: LogBuilder) => nextMove(log.state(), situation(log))

function settle(log: LogBuilder): LogBuilder {
  for (let next = move(log); next.kind === 'record'; next = move(log)) log.add(...next.bodies)
  return log
}

/** A session that has published, whose change request conflicts, and whose person wants it brought up to date. */
function wanted(): LogBuilder {
  const log = readyLog()
    .answer([call('p', 'publish')])
    .settle('p')
  log.add(
    kept('t0'),
    committed(first),
    { type: 'branch-pushed', branch: 'slipway/s1-fix', oid: first, alreadyThere: false },
    { type: 'session-finished', outcome: 'verified', summary: 'Done.' },
    { type: 'conflict-noticed', oid: first, base: 'main', baseOid: base },
  )
  settle(log)
  const askId = log.state().ask?.askId ?? ''
  return log.add({ type: 'human-answered', askId, decision: 'answer', text: 'Bring it up to date', effectHash: null, budgetMicros: null })
}

it('the base is taken in before the model is called, then the model hears of the conflicts, and its commit ends it', () => {
  const log = wanted()
  expect(move(log)).toEqual({ kind: 'take-in-base', base: 'main' })
  log.add(kept('t1'), takenIn('t1'))
  expect(move(log).kind).toBe('call-model')
  expect(log.state().inbox.slice(-2)).toMatchObject([
    { trust: 'trusted', text: expect.stringContaining('follows as data') },
    { trust: 'untrusted', text: '- a.txt' },
  ])
  expect(log.state().work).toMatchObject({ hasUncommitted: true, incoming: { step: 'merged', oid: base } })
  log
    .answer([call('c', 'commit')])
    .add(committed(second, base))
    .settle('c')
  expect(log.state().work).toMatchObject({ hasUncommitted: false, incoming: null })
  expect(log.state().repository?.baseOid).toBe(base)
})

it('what was in the branch already changes nothing', () => {
  const log = wanted().add(takenIn(null))
  expect(move(log).kind).toBe('call-model')
  expect(log.state().work).toMatchObject({ hasUncommitted: false, incoming: null })
})

it('a work tree that was taken back to before the merge gets it again, one of after it keeps it', () => {
  const log = wanted().add(kept('t1'), takenIn('t1'), kept('t2'))
  expect(log.add(restored('t1')).state().work.incoming).toMatchObject({ step: 'merged', trees: ['t1', 't2'] })
  log.add(restored('t0'))
  expect(move(log)).toEqual({ kind: 'take-in-base', base: 'main' })
})

it('a stop takes the wish back', () => {
  const log = settle(wanted().add({ type: 'stop-requested', reason: 'not now' }))
  log.add({ type: 'user-message', text: 'Something else.', mode: 'steer' })
  expect(move(log).kind).toBe('call-model')
})
