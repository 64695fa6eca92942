'use client'

import { useCallback, useEffect, useLayoutEffect, useState, type RefObject } from 'react'
import { onAddressChange } from '../routing/on-address-change.ts'

export interface ListState {
  words: string
  repository: string | null
  isArchived: boolean
}

const none: ListState = { words: '', repository: null, isArchived: false }

/**
 * What is searched and filtered, kept in the address so that a reload and a link show the same list. `field` may hold words that
 * were typed before the scripts of the page ran: they are searched for.
 */
export function useListState(field: RefObject<HTMLInputElement | null>): { state: ListState; change(changes: Partial<ListState>): void } {
  const [state, setState] = useState(none)
  const [early, setEarly] = useState('')
  // At once with the scripts: the field shows what it held before them, and a key that comes now is added to that.
  useLayoutEffect(() => {
    const typed = field.current?.value ?? ''
    const read = (): void => {
      if (window.location.pathname === '/') setState(fromAddress(new URLSearchParams(window.location.search)))
    }
    read()
    if (typed !== '') {
      setState((before) => ({ ...before, words: typed }))
      setEarly(typed)
    }
    return onAddressChange(read)
  }, [field])
  const change = useCallback((changes: Partial<ListState>) => {
    setState((before) => {
      const next = { ...before, ...changes }
      window.history.replaceState(null, '', addressOf(next))
      return next
    })
  }, [])
  // With the next rendering: in the first one the router does not listen to the history yet.
  useEffect(() => {
    if (early !== '') change({ words: early })
  }, [early, change])
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
