import { expect, test, vi } from 'vitest'
import { emptyDraft, missingIn, prefill, readDraft, requestOf } from './draft.ts'

test('an address prefills the composer, and what makes no sense in it is left alone', () => {
  expect(
    prefill(
      new URLSearchParams('task=Fix%20it&repository=acme/clock&branch=main&model=openai/gpt-5&mode=auto&environment=docker&budget=2.5'),
    ),
  ).toEqual({
    task: 'Fix it',
    repository: 'acme/clock',
    isNew: false,
    base: 'main',
    model: 'openai/gpt-5',
    autonomy: 'auto',
    sandbox: 'docker',
    budgetUsd: 2.5,
  })
  expect(prefill(new URLSearchParams('repository=new'))).toEqual({ repository: null, isNew: true })
  expect(prefill(new URLSearchParams('mode=yolo&environment=host&budget=-1&task=%20&x=1'))).toEqual({})
})

test('a stored draft comes back without what makes no sense in it; a broken one counts as none', () => {
  const stored = (text: string): void => void vi.stubGlobal('window', { localStorage: { getItem: () => text } })
  stored(JSON.stringify({ task: 'kept', repository: 'acme/clock', autonomy: 'yolo', budgetUsd: '3', isAdmin: true }))
  expect(readDraft()).toEqual({ ...emptyDraft, task: 'kept', repository: 'acme/clock' })
  stored('{')
  expect(readDraft()).toEqual(emptyDraft)
  vi.unstubAllGlobals()
})

test('a request holds what was chosen and leaves the rest to the server', () => {
  expect(requestOf({ ...emptyDraft, task: ' Fix it \n', repository: 'acme/clock' })).toEqual({
    task: 'Fix it',
    repository: 'acme/clock',
  })
  expect(requestOf({ ...emptyDraft, task: ' ', repository: 'acme/clock' })).toBeNull()
  expect(missingIn({ ...emptyDraft, task: 'Fix it' })).toBe('Choose the repository that this is about.')
})
