import { expect, test } from 'vitest'
import type { EventBody } from '../events.ts'
import { buildLog } from '../testing/log-builder.ts'
import { keptTrees } from './kept-trees.ts'

const kept = (checkpoint: string, callId: string | null): EventBody => ({
  type: 'checkpoint-created',
  checkpoint,
  treeHash: `tree of ${checkpoint}`,
  callId,
  ms: 1,
})
const restored = (checkpoint: string): EventBody => ({ type: 'checkpoint-restored', checkpoint, treeHash: '', reason: '' })
const shown = (...bodies: EventBody[]) =>
  keptTrees(
    buildLog()
      .add(...bodies)
      .events(),
  ).map(({ checkpoint, callId }) => [checkpoint, callId])

test('the newest work tree comes first', () => {
  expect(shown(kept('a', null), kept('b', '1'), kept('c', '2'))).toEqual([
    ['c', '2'],
    ['b', '1'],
    ['a', null],
  ])
})

test('what was rolled back is not part of the history', () => {
  expect(shown(kept('a', null), kept('b', '1'), kept('c', '2'), restored('b'), kept('d', '3'))).toEqual([
    ['d', '3'],
    ['b', '1'],
    ['a', null],
  ])
})

test('a fork begins with the work tree that it was given', () => {
  const forked: EventBody = { type: 'session-forked', fromSessionId: 's0', fromSeq: 9, checkpoint: 'x', model: null }
  expect(shown(forked, kept('a', '1'))).toEqual([
    ['a', '1'],
    ['x', null],
  ])
})
