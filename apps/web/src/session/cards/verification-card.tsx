'use client'

import { BadgeCheck, BadgeMinus, BadgeX } from 'lucide-react'
import { memo } from 'react'
import { formatDuration } from '../../format/duration.ts'
import type { VerificationRow } from '../conversation/row.ts'
import { Card } from './card.tsx'
import { Receipts } from './receipts.tsx'

const RESULTS = {
  passed: { title: 'Checks passed in a clean sandbox', icon: BadgeCheck, colour: 'text-success-text' },
  failed: { title: 'Checks failed in a clean sandbox', icon: BadgeX, colour: 'text-danger-text' },
  partial: { title: 'Some checks passed, some could not run', icon: BadgeMinus, colour: 'text-warning-text' },
  'no-checks': { title: 'There are no checks to run', icon: BadgeMinus, colour: 'text-warning-text' },
  'could-not-run': { title: 'The checks could not run', icon: BadgeMinus, colour: 'text-warning-text' },
}

/** What Slipway ran at the exact commit, with receipts. */
export const VerificationCard = memo(function VerificationCard({ row }: { row: VerificationRow }) {
  const { result, oid, ms } = row.verification
  const { title, icon, colour } = RESULTS[result]
  return (
    <Card
      icon={icon}
      iconClass={colour}
      title={title}
      facts={
        <>
          <span className="font-mono">{oid.slice(0, 10)}</span>
          <span>{formatDuration(ms)}</span>
        </>
      }
      {...(row.receipts.length > 0 ? { children: <Receipts name={row.key} receipts={row.receipts} /> } : {})}
    />
  )
})
