'use client'

import { useCallback, useEffect, useState } from 'react'
import { preferencesOf, useMe } from '../identity/use-me.ts'
import { emptyDraft, readDraft, storeDraft, type Draft } from './draft.ts'
import { useRepositories } from './use-choices.ts'

/** The draft of this browser; what was never chosen follows the person's preferences and their last repository. */
export function useDraft(): { draft: Draft; change(changes: Partial<Draft>): void; clearTask(): void } {
  const [chosen, setChosen] = useState<Draft | null>(null)
  const { data: me } = useMe()
  const { data: recent } = useRepositories()

  useEffect(() => setChosen(readDraft(window.location.search)), [])

  const change = useCallback((changes: Partial<Draft>) => {
    setChosen((before) => {
      const next = { ...(before ?? emptyDraft), ...changes }
      storeDraft(next)
      return next
    })
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
