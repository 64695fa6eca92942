// @vitest-environment happy-dom

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, fireEvent, renderHook } from '@testing-library/react'
import { useRef, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { beforeEach, expect, test } from 'vitest'
import { emptyDraft, readDraft, storeDraft } from './draft.ts'
import { toasts } from '../toasts/toasts.ts'
import { useDraft } from './use-draft.ts'

const queries = new QueryClient({ defaultOptions: { queries: { enabled: false } } })
const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={queries}>{children}</QueryClientProvider>

beforeEach(() => {
  window.localStorage.clear()
  window.history.replaceState(null, '', '/')
})

test('what is typed is kept at once, and a task that was started is forgotten before the page is drawn again', () => {
  const hook = renderHook(() => useDraft({ current: null }), { wrapper })
  const kept: string[] = []
  act(() => {
    hook.result.current.change({ task: 'Greet politely', repository: 'acme/clock' })
    kept.push(readDraft().task)
    hook.result.current.clearTask()
    kept.push(readDraft().task)
  })
  expect(kept).toEqual(['Greet politely', ''])
  expect(readDraft().repository).toBe('acme/clock')
  expect(hook.result.current.draft.task).toBe('')
})

test('what was typed before the scripts ran is added to what was kept, and kept itself', () => {
  const field = document.createElement('textarea')
  field.value = 'Mend the gnomon'
  const typed = (): string => renderHook(() => useDraft({ current: field }), { wrapper }).result.current.draft.task
  expect([typed(), readDraft().task]).toEqual(['Mend the gnomon', 'Mend the gnomon'])
  storeDraft({ ...emptyDraft, task: 'Carve a dial' })
  expect([typed(), readDraft().task]).toEqual(['Carve a dial\nMend the gnomon', 'Carve a dial\nMend the gnomon'])
})

test('what the address says is taken over once and out of it; the task that it takes the place of can be brought back', () => {
  storeDraft({ ...emptyDraft, task: 'Carve a dial', budgetUsd: 3 })
  window.history.replaceState(null, '', '/?task=Mend%20the%20gnomon&branch=next&q=shadow')
  const { result } = renderHook(() => useDraft({ current: null }), { wrapper })
  expect(result.current.draft).toMatchObject({ task: 'Mend the gnomon', base: 'next', budgetUsd: 3 })
  expect([window.location.search, readDraft()]).toMatchObject(['?q=shadow', { task: 'Mend the gnomon', base: 'next', budgetUsd: 3 }])
  act(() => toasts.list()[0]?.undo?.())
  expect([result.current.draft.task, readDraft().base]).toEqual(['Carve a dial', null])
})

function Field() {
  const field = useRef<HTMLTextAreaElement>(null)
  const { draft, change } = useDraft(field)
  return <textarea ref={field} value={draft.task} onChange={({ target }) => change({ task: target.value })} />
}

test('a key that is pressed as soon as the field is there is added to what was kept, and nothing of that is lost', async () => {
  storeDraft({ ...emptyDraft, task: 'Carve a dial', budgetUsd: 3 })
  const place = document.body.appendChild(document.createElement('div'))
  const pressed = new Promise<void>((done) => {
    const observer = new MutationObserver(() => {
      observer.disconnect()
      const field = place.querySelector('textarea')
      fireEvent.change(field!, { target: { value: `${field?.value}!` } })
      done()
    })
    observer.observe(place, { childList: true })
  })
  const root = createRoot(place)
  root.render(wrapper({ children: <Field /> }))
  await pressed
  await act(async () => undefined)
  expect([place.querySelector('textarea')?.value, readDraft()]).toMatchObject(['Carve a dial!', { task: 'Carve a dial!', budgetUsd: 3 }])
  root.unmount()
})
