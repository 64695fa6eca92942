import { expect, test } from 'vitest'
import type { Fingerprint } from '../runner/fingerprint.ts'
import { unchanged } from './unchanged.ts'

/** A tree whose fingerprint is set by the test; counts how often it was looked at. */
function tree(first: Fingerprint | null) {
  const state = { now: first, looks: 0, skip: [] as readonly string[] }
  const look = async ({ skip }: { skip: readonly string[] }): Promise<Fingerprint | null> => {
    state.looks += 1
    state.skip = skip
    return state.now
  }
  return { state, known: unchanged<string>(look) }
}

test('the same fingerprint answers with what was saved; another does not', async () => {
  const { state, known } = tree({ hash: 'a', newestMs: 1_000 })
  expect(await known.since()).toBe(null)
  known.save('checkpoint 1', 2_000, null)
  expect(await known.since()).toBe('checkpoint 1')
  state.now = { hash: 'b', newestMs: 3_000 }
  expect(await known.since()).toBe(null)
})

test('a snapshot taken within a tick of the last change proves nothing about later ones', async () => {
  const { known } = tree({ hash: 'a', newestMs: 1_000 })
  await known.since()
  known.save('checkpoint 1', 1_012, null)
  expect(await known.since()).toBe(null)
  known.save('checkpoint 1', 1_013, null)
  expect(await known.since()).toBe('checkpoint 1')
})

test('a tree that is too large is asked for what it ignores, then left alone for a while', async () => {
  const { state, known } = tree(null)
  await known.since()
  expect(known.wantsIgnored()).toBe(true)
  known.save('checkpoint 1', 2_000, ['node_modules'])
  state.now = { hash: 'a', newestMs: 1_000 }
  await known.since()
  expect([state.skip, known.wantsIgnored()]).toEqual([['node_modules'], false])
  known.save('checkpoint 2', 3_000, null)
  expect(await known.since()).toBe('checkpoint 2')

  state.now = null
  await known.since()
  known.save('checkpoint 3', 4_000, null)
  const { looks } = state
  for (let step = 0; step < 20; step += 1) await known.since()
  expect(state.looks).toBe(looks)
  await known.since()
  expect(state.looks).toBe(looks + 1)
})

test('a look that fails counts as changed, and so does everything after a restore', async () => {
  let fails = false
  const known = unchanged<string>(async () => {
    if (fails) throw new Error('gone')
    return { hash: 'a', newestMs: 1_000 }
  })
  await known.since()
  known.save('checkpoint 1', 2_000, null)
  fails = true
  expect(await known.since()).toBe(null)
  fails = false
  known.save('checkpoint 1', 2_000, null)
  known.forget()
  expect(await known.since()).toBe(null)
})
