import type { Sandbox } from '@slipway/core/ports'
import { expect, test } from 'vitest'
import { restoreWorkTree } from './restore-work-tree.ts'

type State = 'whole' | 'none' | 'unknown' | 'damaged'

async function restore(states: Record<string, State>) {
  const asked: string[] = []
  const sandbox = {
    async restore(checkpoint: string) {
      asked.push(checkpoint)
      const kind = states[checkpoint] ?? 'unknown'
      return kind === 'whole' ? { ok: true, treeHash: `tree of ${checkpoint}` } : { ok: false, kind, message: kind }
    },
  } as unknown as Sandbox
  const spec = { checkpoint: 'third', earlierCheckpoints: async () => ['second', 'first'], workOid: null, baseOid: 'base' }
  return { ...(await restoreWorkTree(spec, sandbox)), asked }
}

test('a whole checkpoint is what the work tree becomes', async () => {
  expect(await restore({ third: 'whole' })).toEqual({ ok: true, tree: { restoredFrom: 'third', takenBackTo: null }, asked: ['third'] })
})

test.each<State>(['unknown', 'damaged'])('the newest whole one before it takes the place of one that is %s', async (lost) => {
  expect(await restore({ third: lost, second: 'damaged', first: 'whole' })).toEqual({
    ok: true,
    tree: { restoredFrom: 'first', takenBackTo: { checkpoint: 'first', treeHash: 'tree of first' } },
    asked: ['third', 'second', 'first'],
  })
})

test('nothing whole at all is a loss', async () => {
  expect(await restore({ third: 'damaged' })).toMatchObject({ ok: false, kind: 'lost' })
})

test('a machine that never had the work tree gives nothing up', async () => {
  expect(await restore({ third: 'none', second: 'whole' })).toMatchObject({
    ok: false,
    kind: 'failed',
    message: expect.stringContaining('Run the worker that began the session'),
    asked: ['third'],
  })
})
