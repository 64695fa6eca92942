'use client'

import { memo } from 'react'
import { CallView } from './call-view.tsx'
import type { CallsRow } from './row.ts'
import { useSoughtWords } from './sought-calls.ts'

/** The calls of one step. */
export const CallsRowView = memo(function CallsRowView({ row }: { row: CallsRow }) {
  return (
    <ul aria-label={row.calls.length === 1 ? 'Step' : `Step of ${row.calls.length} calls`} className="py-1">
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
