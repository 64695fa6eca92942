// @vitest-environment happy-dom

import { act, renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { Block } from './blocks.ts'
import { useSteadyStart } from './use-steady-start.ts'

const block = (seq: number): Block => ({
  key: `call-${seq}`,
  seq,
  at: '2026-01-01T00:00:00Z',
  origin: 'agent',
  command: 'ls',
  liveCallId: null,
  output: '',
  wholeSha: null,
  result: null,
})

test('earlier blocks wait until somebody turns to the terminal, later ones do not', () => {
  const seqs = (): number[] => hook.result.current.blocks.map(({ seq }) => seq)
  const hook = renderHook(({ all }) => useSteadyStart(all), { initialProps: { all: [5, 6].map(block) } })
  hook.rerender({ all: [3, 4, 5, 6, 7].map(block) })
  expect(seqs()).toEqual([5, 6, 7])
  act(() => hook.result.current.extend())
  expect(seqs()).toEqual([3, 4, 5, 6, 7])
})

test('a moment before all of them shows what had run by then', () => {
  const hook = renderHook(({ all }) => useSteadyStart(all), { initialProps: { all: [5, 6].map(block) } })
  hook.rerender({ all: [1, 2].map(block) })
  expect(hook.result.current.blocks.map(({ seq }) => seq)).toEqual([1, 2])
})
