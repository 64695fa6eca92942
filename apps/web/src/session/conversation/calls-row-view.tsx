'use client'

import { memo } from 'react'
import { CallView } from './call-view.tsx'
import type { CallsRow } from './row.ts'
import { useSoughtWords } from './sought-calls.ts'

/** The calls of one step. */
export const CallsRowView = memo(function CallsRowView({ row }: { row: CallsRow }) {
  // Of most steps; a list of one says nothing more.
  if (row.calls.length === 1) return <CallView call={row.calls[0]!} />
  return (
    <ul aria-label={`Step of ${row.calls.length} calls`} className="py-1">
      {row.calls.map((call) => (
        <CallItem key={call.callId} call={call} />
      ))}
    </ul>
  )
})

function CallItem({ call }: { call: CallsRow['calls'][number] }) {
  const isSought = useSoughtWords(call.callId) !== null
  return (
    <li aria-current={isSought ? 'location' : undefined}>
      <CallView call={call} />
    </li>
  )
}
