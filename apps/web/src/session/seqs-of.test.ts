import type { EventBody } from '@slipway/core/events'
import { expect, test } from 'vitest'
import { seqsOf } from './seqs-of.ts'

test('the seqs of the given types are told, and stay the same array until one more comes', () => {
  const fold = seqsOf(['sandbox-started', 'checkpoint-created'])()
  const push = (seq: number, type: string): void =>
    // Only what is read here is given.
    fold.push({ id: `e${seq}`, sessionId: 's', seq, at: '', version: 1, actor: { kind: 'agent' }, body: { type } as EventBody })
  expect(fold.read()).toEqual([])
  push(1, 'sandbox-started')
  push(2, 'user-message')
  push(3, 'checkpoint-created')
  const seqs = fold.read()
  expect(seqs).toEqual([1, 3])
  push(4, 'user-message')
  expect(fold.read()).toBe(seqs)
  push(5, 'checkpoint-created')
  expect(fold.read()).toEqual([1, 3, 5])
})
