'use client'

import { useElapsed } from '../conversation/use-now.ts'
import { useConnection } from '../session-hooks.ts'
import type { Connection } from '../session-source.ts'

/** Whether the page sees everything at once; when not, since when. */
export function ConnectionBadge() {
  const connection = useConnection()
  return (
    <span role="status" className="text-xs">
      {connection.state === 'live' ? (
        <span className="flex items-center gap-1.5 text-muted" title="Whatever happens is shown at once">
          <span aria-hidden className="size-1.5 rounded-full bg-success" />
          <span className="hidden sm:inline">Live</span>
          <span className="sr-only sm:hidden">Live</span>
        </span>
      ) : (
        <Broken connection={connection} />
      )}
    </span>
  )
}

const WORDS = { opening: 'Connecting', reconnecting: 'Reconnecting', offline: 'Offline', closed: 'Not connected' }
const MEANINGS = {
  opening: 'The stream is being opened',
  reconnecting: 'The line broke and is being opened again; nothing is lost',
  offline: 'This device has no network; what happens meanwhile is shown when it is back',
  closed: 'Access was withdrawn, or you were signed out. Reload the page to try again',
}

function Broken({ connection }: { connection: Connection }) {
  const state = connection.state === 'live' ? 'opening' : connection.state
  const isBad = state === 'offline' || state === 'closed'
  return (
    <span className={`flex items-center gap-1.5 ${isBad ? 'text-danger-text' : 'text-warning-text'}`} title={MEANINGS[state]}>
      <span aria-hidden className={`size-1.5 rounded-full ${isBad ? 'bg-danger' : 'animate-pulse bg-warning'}`} />
      {WORDS[state]}
      {state !== 'opening' && <Since sinceMs={connection.sinceMs} />}
    </span>
  )
}

/** Read out once by the status above, not every second. */
function Since({ sinceMs }: { sinceMs: number }) {
  const elapsed = useElapsed(sinceMs)
  return (
    <span aria-hidden className="tabular-nums">
      {elapsed}
    </span>
  )
}
