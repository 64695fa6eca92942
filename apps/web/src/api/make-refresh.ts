// Asks anew for what is shown whenever something says that it changed.

import type { QueryClient, QueryKey } from '@tanstack/react-query'

/**
 * Returns how to ask anew for everything below `queryKey`: one asking at a time, and once more after it when another change was
 * told meanwhile. Begun anew with each change, a slow one would never end. What is on its way for the first time may be older
 * than the change, so it is asked for once more too.
 */
export function makeRefresh(queries: QueryClient, queryKey: QueryKey): () => void {
  let isAsking = false
  let isChanged = false

  async function ask(): Promise<void> {
    isAsking = true
    do {
      isChanged = queries.isFetching({ queryKey, predicate: ({ state }) => state.data === undefined }) > 0
      await queries.invalidateQueries({ queryKey })
    } while (isChanged)
    isAsking = false
  }

  return () => {
    if (isAsking) isChanged = true
    else void ask()
  }
}
