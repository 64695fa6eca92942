'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { preferencesOf, useMe } from '../identity/use-me.ts'
import { emptyDraft, readDraft, storeDraft, type Draft } from './draft.ts'
import { useRepositories } from './use-choices.ts'

/** The draft of this browser; what was never chosen follows the person's preferences and their last repository. */
export function useDraft(): { draft: Draft; change(changes: Partial<Draft>): void; clearTask(): void } {
  const [chosen, setChosen] = useState<Draft | null>(null)
  const latest = useRef(emptyDraft)
  const { data: me } = useMe()
  const { data: recent } = useRepositories()

  useEffect(() => {
    latest.current = readDraft(window.location.search)
    setChosen(latest.current)
  }, [])

  const change = useCallback((changes: Partial<Draft>) => {
    latest.current = { ...latest.current, ...changes }
    // At once: who has started a session leaves this page, perhaps before it is drawn again.
    storeDraft(latest.current)
    setChosen(latest.current)
  }, [])
  const clearTask = useCallback(() => change({ task: '', notionPage: null }), [change])

  const draft = chosen ?? emptyDraft
  const preferences = preferencesOf(me)
  return {
    draft: {
      ...draft,
      repository: draft.repository ?? preferences.repository ?? recent?.repositories[0]?.url ?? null,
      model: draft.model ?? preferences.model ?? null,
      autonomy: draft.autonomy ?? preferences.autonomy ?? 'plan',
      sandbox: draft.sandbox ?? preferences.sandbox ?? null,
      budgetUsd: draft.budgetUsd ?? preferences.budgetUsd ?? null,
    },
    change,
    clearTask,
  }
}
