'use client'

import { memo } from 'react'
import { formatClock } from '../../format/date.ts'
import { Markdown } from '../conversation/markdown.tsx'
import type { FinishedRow } from '../conversation/row.ts'
import { Card } from './card.tsx'
import { FeedbackForm } from './feedback-form.tsx'
import { OUTCOMES } from './outcome-words.ts'

/** How the turn ended. */
export const FinishedCard = memo(function FinishedCard({ row }: { row: FinishedRow }) {
  const { title, meaning, icon, colour } = OUTCOMES[row.finished.outcome]
  return (
    <Card icon={icon} iconClass={colour} title={title} label="How it ended" facts={<time dateTime={row.at}>{formatClock(row.at)}</time>}>
      {!row.isRepetition && row.finished.summary.trim() !== '' && <Markdown text={row.finished.summary} />}
      <p className={`text-xs text-muted ${row.isRepetition ? '' : 'mt-2'}`}>{meaning}</p>
      <FeedbackForm seq={row.seq} given={row.feedback} />
    </Card>
  )
})
