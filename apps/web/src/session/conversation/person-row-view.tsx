'use client'

import { memo } from 'react'
import { Markdown } from './markdown.tsx'
import type { PersonRow } from './row.ts'

/** What a person said. */
export const PersonRowView = memo(function PersonRowView({ row }: { row: PersonRow }) {
  return (
    <div className="flex flex-col items-end py-2">
      <div className="max-w-[85%] rounded-lg bg-surface-tertiary px-3 py-2">
        <Markdown text={row.text} />
      </div>
      {!row.isRead && (
        <p className="mt-1 text-xs text-muted">
          {row.mode === 'queue'
            ? 'Queued: read when the agent rests'
            : row.isEarly
              ? 'Queued: read when the agent is ready'
              : 'Sent: read after the current step'}
        </p>
      )}
    </div>
  )
})
