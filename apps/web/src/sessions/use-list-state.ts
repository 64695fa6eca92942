'use client'

import { useCallback, useEffect, useState } from 'react'
import { onAddressChange } from '../routing/on-address-change.ts'

export interface ListState {
  words: string
  repository: string | null
  isArchived: boolean
}

const none: ListState = { words: '', repository: null, isArchived: false }

/** What is searched and filtered, kept in the address so that a reload and a link show the same list. */
export function useListState(): { state: ListState; change(changes: Partial<ListState>): void } {
  const [state, setState] = useState(none)
  useEffect(() => {
    const read = (): void => {
      if (window.location.pathname === '/') setState(fromAddress(new URLSearchParams(window.location.search)))
    }
    read()
    return onAddressChange(read)
  }, [])
  const change = useCallback((changes: Partial<ListState>) => {
    setState((before) => {
      const next = { ...before, ...changes }
      window.history.replaceState(null, '', addressOf(next))
      return next
    })
  }, [])
  return { state, change }
}

function fromAddress(search: URLSearchParams): ListState {
  return { words: search.get('q') ?? '', repository: search.get('in'), isArchived: search.get('archived') === 'yes' }
}

function addressOf({ words, repository, isArchived }: ListState): string {
  const search = new URLSearchParams()
  if (words !== '') search.set('q', words)
  if (repository !== null) search.set('in', repository)
  if (isArchived) search.set('archived', 'yes')
  return search.size === 0 ? '/' : `/?${search}`
}
