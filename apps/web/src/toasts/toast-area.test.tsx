// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ToastArea } from './toast-area.tsx'
import { toasts } from './toasts.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  for (const { id } of toasts.list()) toasts.close(id)
  cleanup()
  vi.useRealTimers()
})

const add = (...input: Parameters<typeof toasts.add>): void => act(() => toasts.add(...input))
const wait = (ms: number): void => act(() => void vi.advanceTimersByTime(ms))

test('a note is shown for a while, one that can be undone for longer', () => {
  render(<ToastArea />)
  add({ text: 'Saved' })
  add({ text: 'Archived', undo: () => undefined })
  wait(6_000)
  expect([screen.queryByText('Saved'), screen.queryByText('Archived') !== null]).toEqual([null, true])
  wait(4_000)
  expect(screen.queryByText('Archived')).toBeNull()
})

test('undo happens once and takes the note away', () => {
  const undo = vi.fn<() => void>()
  render(<ToastArea />)
  add({ text: 'Archived', undo })
  const button = screen.getByRole('button', { name: 'Undo' })
  fireEvent.click(button)
  fireEvent.click(button)
  expect(undo).toHaveBeenCalledTimes(1)
  expect(screen.queryByText('Archived')).toBeNull()
})

test('no note goes away while somebody reads it', () => {
  render(<ToastArea />)
  add({ text: 'Saved' })
  act(() => toasts.pause())
  wait(60_000)
  expect(screen.queryByText('Saved')).not.toBeNull()
  act(() => toasts.go())
  wait(6_000)
  expect(screen.queryByText('Saved')).toBeNull()
})
