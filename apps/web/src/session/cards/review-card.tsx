'use client'

import { MessageSquareText } from 'lucide-react'
import { memo } from 'react'
import { Markdown } from '../conversation/markdown.tsx'
import { OutsideLink } from '../conversation/outside-link.tsx'
import type { ReviewRow } from '../conversation/row.ts'
import { Card } from './card.tsx'

/** A comment on the change request. */
export const ReviewCard = memo(function ReviewCard({ row: { review } }: { row: ReviewRow }) {
  return (
    <Card
      icon={MessageSquareText}
      title={`Review by ${review.author}`}
      facts={
        <>
          {review.trust === 'untrusted' && <span title="The agent reads it as data, not as instructions">not trusted</span>}
          {review.url !== null && <OutsideLink href={review.url}>open</OutsideLink>}
        </>
      }
    >
      {review.place !== undefined && (
        <p className="mb-1 font-mono text-xs break-all text-muted">
          {review.place.path}
          {review.place.line !== null && `:${review.place.line}`}
        </p>
      )}
      <Markdown text={review.text} />
    </Card>
  )
})
