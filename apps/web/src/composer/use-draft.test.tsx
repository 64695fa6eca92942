// @vitest-environment happy-dom

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { beforeEach, expect, test } from 'vitest'
import { readDraft } from './draft.ts'
import { useDraft } from './use-draft.ts'

const queries = new QueryClient({ defaultOptions: { queries: { enabled: false } } })
const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={queries}>{children}</QueryClientProvider>

beforeEach(() => window.localStorage.clear())

test('what is typed is kept at once, and a task that was started is forgotten before the page is drawn again', () => {
  const hook = renderHook(() => useDraft(), { wrapper })
  const kept: string[] = []
  act(() => {
    hook.result.current.change({ task: 'Greet politely', repository: 'acme/clock' })
    kept.push(readDraft('').task)
    hook.result.current.clearTask()
    kept.push(readDraft('').task)
  })
  expect(kept).toEqual(['Greet politely', ''])
  expect(readDraft('').repository).toBe('acme/clock')
  expect(hook.result.current.draft.task).toBe('')
})
