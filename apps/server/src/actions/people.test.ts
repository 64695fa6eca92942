import type { HumanAsked } from '@slipway/core/events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { message, openTestStore, type TestStore } from '../testing/test-store.ts'
import { loadSession } from './access.ts'
import { fork } from './fork.ts'
import { answer, resume, say, stop } from './people.ts'

let db: TestStore
beforeAll(async () => {
  db = await openTestStore()
})
afterAll(() => db.close())

const effect = {
  kind: 'change-request' as const,
  title: 'Open a change request',
  details: [['branch', 'slipway/x']] as [string, string][],
  reason: 'This leaves the sandbox.',
  reversible: 'It can be closed.',
  hash: 'h1',
}

async function asking(change: Partial<HumanAsked> = {}): Promise<string> {
  const sessionId = await db.create()
  await db.append(sessionId, [
    {
      type: 'human-asked',
      askId: 'a1',
      kind: 'approval',
      question: 'Publish?',
      options: [],
      callId: null,
      effect,
      expiresAt: null,
      ...change,
    },
  ])
  return sessionId
}

const approval = { askId: 'a1', decision: 'approve' as const, text: '', effectHash: 'h1', budgetMicros: null, wake: 'no' as const }

test('an approval counts once, and for the effect that was shown only', async () => {
  const sessionId = await asking()
  await expect(answer(db.ports, { sessionId, ...approval, effectHash: 'h2' })).rejects.toMatchObject({ code: 'conflict' })
  await expect(answer(db.ports, { sessionId, ...approval, effectHash: null })).rejects.toMatchObject({ code: 'conflict' })
  await expect(answer(db.ports, { sessionId, ...approval, decision: 'answer' })).rejects.toMatchObject({ code: 'usage' })
  await expect(answer(db.ports, { sessionId, ...approval, askId: 'a0' })).rejects.toMatchObject({ code: 'conflict' })
  expect((await loadSession(db.ports, sessionId)).state.head).toBe(2)
  const both = await Promise.allSettled([answer(db.ports, { sessionId, ...approval }), answer(db.ports, { sessionId, ...approval })])
  expect(both.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect((await loadSession(db.ports, sessionId)).state.head).toBe(3)
})

test('an approval that came too late is refused, a rejection is not', async () => {
  const sessionId = await asking({ expiresAt: new Date(Date.now() - 1_000).toISOString() })
  await expect(answer(db.ports, { sessionId, ...approval })).rejects.toMatchObject({ code: 'conflict' })
  expect(await answer(db.ports, { sessionId, ...approval, decision: 'reject', effectHash: null })).toBe(3)
})

test('stopping twice says it once, and a stopped session goes on when resumed', async () => {
  const sessionId = await db.create()
  const seqs = await Promise.all([1, 2].map(() => stop(db.ports, { sessionId, reason: 'enough', wake: 'no' })))
  expect(seqs.sort()).toEqual([2, null])
  await db.append(sessionId, [{ type: 'session-finished', outcome: 'stopped', summary: 'enough' }])
  expect(await resume(db.ports, { sessionId, wake: 'no' })).toBe(4)
  expect((await loadSession(db.ports, sessionId)).state.finished).toBe(null)
})

test('resuming answers whether to go on, leaves other questions to the person, and needs no word where none is missing', async () => {
  const parked = await asking({ kind: 'continue', effect: null })
  expect(await resume(db.ports, { sessionId: parked, wake: 'no' })).toBe(3)
  expect((await loadSession(db.ports, parked)).state.ask).toBe(null)
  await expect(resume(db.ports, { sessionId: await asking(), wake: 'no' })).rejects.toMatchObject({ code: 'conflict' })
  expect(await resume(db.ports, { sessionId: await db.create(), wake: 'no' })).toBe(null)
})

test('an unknown session and one of somebody else look the same', async () => {
  const foreign = await db.create({ ownerId: 'somebody-else' })
  for (const sessionId of [foreign, 'nothing-here', '']) {
    await expect(say(db.ports, { sessionId, text: 'hi', mode: 'steer', wake: 'no' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(
      fork({ ...db.ports, sandboxes: { copyCheckpoints: async () => false } }, { sessionId, atSeq: 1, model: null, wake: 'no' }),
    ).rejects.toMatchObject({ code: 'not-found' })
  }
})

test('a fork shares the past but not the branch, and leaves files, commits and pushes behind', async () => {
  const sessionId = await db.create()
  await db.append(sessionId, [
    { type: 'repository-prepared', baseBranch: 'main', baseOid: 'a'.repeat(40), branch: `slipway/${sessionId}-fix`, ms: 1 },
    { type: 'checkpoint-created', checkpoint: 'cp1', treeHash: 't1', callId: null, ms: 1 },
    { type: 'commit-offered', oid: 'b'.repeat(40), subject: 's', files: [], warnings: [] },
    { type: 'branch-pushed', branch: `slipway/${sessionId}-fix`, oid: 'b'.repeat(40), alreadyThere: false },
    { type: 'checkpoint-created', checkpoint: 'cp2', treeHash: 't2', callId: null, ms: 1 },
    message('later'),
  ])
  const forkId = await fork(
    { ...db.ports, sandboxes: { copyCheckpoints: async () => false } },
    { sessionId, atSeq: 6, model: 'anthropic/other', wake: 'no' },
  )
  const { state, events } = await loadSession(db.ports, forkId)
  expect(events.map((event) => event.body.type)).toEqual(['session-created', 'repository-prepared', 'session-forked', 'context-added'])
  expect(state.repository?.branch).toBe(`slipway/${forkId}-fix`)
  expect(events.at(-2)?.body).toEqual({
    type: 'session-forked',
    fromSessionId: sessionId,
    fromSeq: 6,
    checkpoint: null,
    model: 'anthropic/other',
  })
  expect(state.roles.code.model).toBe('anthropic/other')
  await expect(
    fork({ ...db.ports, sandboxes: { copyCheckpoints: async () => false } }, { sessionId, atSeq: 99, model: null, wake: 'no' }),
  ).rejects.toMatchObject({ code: 'usage' })
})

test('a fork takes the tree of the newest checkpoint along where its backend can copy it', async () => {
  const sessionId = await db.create()
  await db.append(sessionId, [
    { type: 'repository-prepared', baseBranch: 'main', baseOid: 'a'.repeat(40), branch: `slipway/${sessionId}-fix`, ms: 1 },
    { type: 'sandbox-started', backend: 'bubblewrap', sandboxId: 's', restoredFrom: 'base', ms: 1 },
    { type: 'checkpoint-created', checkpoint: 'cp1', treeHash: 't1', callId: null, ms: 1 },
    { type: 'checkpoint-created', checkpoint: 'cp2', treeHash: 't2', callId: null, ms: 1 },
  ])
  const copied: unknown[] = []
  const sandboxes = { copyCheckpoints: async (input: unknown) => copied.push(input) > 0 }
  const forkId = await fork({ ...db.ports, sandboxes }, { sessionId, atSeq: 4, model: null, wake: 'no' })
  const { state } = await loadSession(db.ports, forkId)
  expect(copied).toEqual([{ backend: 'bubblewrap', from: sessionId, to: forkId }])
  expect(state).toMatchObject({ sandboxBackend: 'bubblewrap', checkpoint: { id: 'cp1' }, work: { hasUncommitted: true } })
})
