'use client'

import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { preferencesOf, useMe } from '../identity/use-me.ts'
import { toasts } from '../toasts/toasts.ts'
import { emptyDraft, prefill, readDraft, storeDraft, withoutPrefill, type Draft } from './draft.ts'
import { useRepositories } from './use-choices.ts'

/**
 * The draft of this browser; what was never chosen follows the person's preferences and their last repository. What the address
 * says is taken over once, out of the address. `field` may hold what was typed before the scripts of the page ran: it is added to
 * the task.
 */
export function useDraft(field: RefObject<HTMLTextAreaElement | null>): {
  draft: Draft
  change(changes: Partial<Draft>): void
  clearTask(): void
} {
  const [chosen, setChosen] = useState<Draft | null>(null)
  const latest = useRef(emptyDraft)
  const { data: me } = useMe()
  const { data: recent } = useRepositories()

  const change = useCallback((changes: Partial<Draft>) => {
    latest.current = { ...latest.current, ...changes }
    // At once: who has started a session leaves this page, perhaps before it is drawn again.
    storeDraft(latest.current)
    setChosen(latest.current)
  }, [])
  // At once with the scripts: a key that came before it would be taken for all that there is, and kept in its place.
  useLayoutEffect(() => {
    const early = field.current?.value ?? ''
    // React may run effects twice while somebody develops.
    if (latest.current !== emptyDraft) return
    const kept = readDraft()
    const given = prefill(new URLSearchParams(window.location.search))
    const task = [given.task ?? kept.task, early].filter((text) => text.trim() !== '').join('\n')
    change({ ...kept, ...given, task })
    if (given.task !== undefined && kept.task.trim() !== '' && kept.task !== given.task)
      toasts.add({ text: 'The link brought a task of its own.', undo: () => change(kept) })
  }, [field, change])

  const isRead = chosen !== null
  useEffect(() => {
    const address = new URL(window.location.href)
    const rest = withoutPrefill(address)
    // With the next rendering: in the first one the router does not listen to the history yet.
    if (isRead && rest.href !== address.href) window.history.replaceState(null, '', rest)
  }, [isRead])

  const clearTask = useCallback(() => change({ task: '', notionPage: null }), [change])

  const draft = chosen ?? emptyDraft
  const preferences = preferencesOf(me)
  return {
    draft: {
      ...draft,
      repository: draft.isNew ? null : (draft.repository ?? preferences.repository ?? recent?.repositories[0]?.url ?? null),
      model: draft.model ?? preferences.model ?? null,
      autonomy: draft.autonomy ?? preferences.autonomy ?? 'plan',
      sandbox: draft.sandbox ?? preferences.sandbox ?? null,
      budgetUsd: draft.budgetUsd ?? preferences.budgetUsd ?? null,
    },
    change,
    clearTask,
  }
}
