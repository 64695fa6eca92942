// The file that is open, and the line in it, kept in the address so that they can be linked to: `?file=<path>&line=<n>`.

import { useSyncExternalStore } from 'react'

export interface OpenedFile {
  path: string
  line: number | null
}

const listeners = new Set<() => void>()
let known: { search: string; opened: OpenedFile | null } = { search: '', opened: null }

export function useOpenedFile(): OpenedFile | null {
  return useSyncExternalStore(subscribe, read, () => null)
}

/** null closes it. */
export function openFile(opened: OpenedFile | null): void {
  // The state is the router's own; it must stay with the entry.
  window.history.replaceState(window.history.state, '', addressOf(opened))
  listeners.forEach((listener) => listener())
}

/** The page's address with another file open. */
export function addressOf(opened: OpenedFile | null): string {
  const url = new URL(window.location.href)
  url.searchParams.delete('file')
  url.searchParams.delete('line')
  if (opened !== null) url.searchParams.set('file', opened.path)
  if (opened?.line) url.searchParams.set('line', String(opened.line))
  return url.href
}

/** The same object until the address changes. */
function read(): OpenedFile | null {
  const { search } = window.location
  if (search !== known.search) known = { search, opened: parse(new URLSearchParams(search)) }
  return known.opened
}

function parse(query: URLSearchParams): OpenedFile | null {
  const path = query.get('file')
  if (path === null || path === '') return null
  const line = Number(query.get('line'))
  return { path, line: Number.isInteger(line) && line > 0 ? line : null }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener('popstate', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('popstate', listener)
  }
}
