// @vitest-environment happy-dom

import { cleanup, renderHook } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import type { Row } from './row.ts'
import { useRowElements } from './use-row-elements.tsx'

afterEach(cleanup)

const rowAt = (seq: number): Row =>
  ({ kind: 'note', key: `note ${seq}`, seq, at: '2026-01-01T00:00:00.000Z', body: { type: 'stop-requested' } }) as unknown as Row
const nothing = (_row: Row): boolean => false

test('a row is the same element until another moment is shown, or the address leads to it', () => {
  const row = rowAt(5)
  const { result, rerender } = renderHook(({ at, isSought }) => useRowElements(at, isSought), {
    initialProps: { at: 'now' as 'now' | number, isSought: nothing },
  })
  const first = result.current(row)
  rerender({ at: 'now', isSought: nothing })
  expect(result.current(row)).toBe(first)

  rerender({ at: 4, isSought: nothing })
  expect(result.current(row).props).toMatchObject({ row, isLater: true, isSought: false })

  rerender({ at: 'now', isSought: (one) => one === row })
  expect(result.current(row).props).toMatchObject({ row, isLater: false, isSought: true })
})
