'use client'

import { memo } from 'react'
import { CallView } from './call-view.tsx'
import type { CallsRow } from './row.ts'

/** The calls of one step. */
export const CallsRowView = memo(function CallsRowView({ row }: { row: CallsRow }) {
  return (
    <ul aria-label={row.calls.length === 1 ? 'Step' : `Step of ${row.calls.length} calls`} className="py-1">
      {row.calls.map((call) => (
        <li key={call.callId}>
          <CallView call={call} />
        </li>
      ))}
    </ul>
  )
})
