// @vitest-environment happy-dom

import { act, renderHook } from '@testing-library/react'
import { createRoot } from 'react-dom/client'
import { beforeEach, expect, test } from 'vitest'
import { useDraft } from './draft.ts'

const stored = (): string | null => window.localStorage.getItem('slipway.draft.s1')
beforeEach(() => window.localStorage.clear())

function Field() {
  const { text, change } = useDraft('s1')
  return <input value={text} onChange={({ target }) => change(target.value)} />
}

test('a field that appears holds what was typed before, and never anything else', async () => {
  window.localStorage.setItem('slipway.draft.s1', 'Use the other file')
  const place = document.body.appendChild(document.createElement('div'))
  const appeared = new Promise<string | undefined>((done) => {
    new MutationObserver(() => done(place.querySelector('input')?.value)).observe(place, { childList: true })
  })
  const root = createRoot(place)
  root.render(<Field />)
  expect(await appeared).toBe('Use the other file')
  root.unmount()
})

test('what is typed while a message is on its way is the next one, and both are kept until the first has arrived', async () => {
  const { result } = renderHook(() => useDraft('s1'))
  const { promise, resolve } = Promise.withResolvers<void>()
  act(() => result.current.change('Use the other file'))
  act(() => result.current.leave(promise))
  expect([result.current.text, stored()]).toEqual(['', 'Use the other file'])
  act(() => result.current.change('Then tell me why'))
  expect(stored()).toBe('Use the other file\n\nThen tell me why')
  await act(async () => resolve())
  expect([result.current.text, stored()]).toEqual(['Then tell me why', 'Then tell me why'])
})

test('a message that did not arrive comes back before what was typed since', async () => {
  const { result } = renderHook(() => useDraft('s1'))
  const { promise, reject } = Promise.withResolvers<void>()
  act(() => result.current.change('Use the other file'))
  act(() => result.current.leave(promise))
  act(() => result.current.change('Then tell me why'))
  await act(async () => reject(new Error('offline')))
  expect([result.current.text, stored()]).toEqual(Array.from({ length: 2 }, () => 'Use the other file\n\nThen tell me why'))
})

test.each([
  ['first', [0, 1]],
  ['last', [1, 0]],
])('of two messages that did not arrive, whichever is known to have failed %s, the earlier one stands first', async (_, order) => {
  const { result } = renderHook(() => useDraft('s1'))
  const messages = ['Use the other file', 'And its test'].map((words) => {
    const sent = Promise.withResolvers<void>()
    act(() => result.current.change(words))
    act(() => result.current.leave(sent.promise))
    return sent
  })
  act(() => result.current.change('Then tell me why'))
  for (const index of order) await act(async () => messages[index]?.reject(new Error('offline')))
  expect(result.current.text).toBe('Use the other file\n\nAnd its test\n\nThen tell me why')
})
