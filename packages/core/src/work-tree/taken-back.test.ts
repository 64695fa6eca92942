import { describe, expect, it } from 'vitest'
import type { EventBody } from '../events.ts'
import { nextMove } from '../next-move.ts'
import { call, describedModel, type LogBuilder, readyLog, situation } from '../testing/log-builder.ts'
import { takenBackBodies } from './taken-back.ts'

const kept = (checkpoint: string, callId: string | null): EventBody => ({
  type: 'checkpoint-created',
  checkpoint,
  treeHash: checkpoint,
  callId,
  ms: 1,
})

/** Two changes of the work tree. */
function worked(): LogBuilder {
  return readyLog()
    .add(kept('first', null))
    .answer([call('1', 'write_file', { path: 'a.txt' })])
    .add(kept('second', '1'))
    .settle('1')
    .answer([call('2', 'bash', { command: 'make\nmake install' })])
    .add(kept('third', '2'))
    .settle('2')
}
const textsOf = (bodies: EventBody[]): string[] =>
  bodies.map((body) => (body.type === 'checkpoint-restored' ? body.reason : body.type === 'context-added' ? body.text : body.type))

describe('a work tree that was taken back', () => {
  it('names the last call that is kept and those whose changes are gone', () => {
    const [reason, text] = textsOf(takenBackBodies(worked().events(), { checkpoint: 'second', treeHash: 'second' }))
    expect(reason).toContain('as it was after the call write_file: a.txt; what 1 call changed since is gone')
    expect(text).toContain('after the call write_file: a.txt')
    expect(text).toContain('\n- bash: make make install\n')
    expect(text).not.toContain('\n- write_file')
  })

  it('names every change when nothing but the commit is left', () => {
    const [reason, text] = textsOf(takenBackBodies(worked().events(), { checkpoint: 'new', treeHash: 'new' }))
    expect(reason).toContain('as it was in the base commit; what 2 calls changed since is gone')
    expect(text).toContain('\n- write_file: a.txt\n- bash: make make install\n')
  })

  it('lets nothing be done that the model asked for before it knew', () => {
    const log = worked()
    const facts = takenBackBodies(log.events(), { checkpoint: 'second', treeHash: 'second' })
    log
      .answer([call('3', 'commit', { message: 'm' }), call('4', 'update_plan', { steps: [] }), call('5', 'finish', { summary: 's' })])
      .add(...facts)
    const outcomes: unknown[] = []
    for (let step = 0; step < 3; step++) {
      const move = nextMove(log.state(), situation(log, [describedModel()]))
      if (move.kind !== 'record') throw new Error(move.kind)
      log.add(...move.bodies)
      outcomes.push(...move.bodies.flatMap((body) => (body.type === 'tool-finished' ? [[body.callId, body.ok]] : [])))
    }
    expect(outcomes).toEqual([
      ['3', false],
      ['4', true],
      ['5', false],
    ])
    expect(nextMove(log.state(), situation(log, [describedModel()])).kind).toBe('call-model')
  })
})
