'use client'

import { ListChecks } from 'lucide-react'
import { memo } from 'react'
import { Markdown } from '../conversation/markdown.tsx'
import type { PlanRow } from '../conversation/row.ts'
import { Card } from './card.tsx'
import { PlanSteps } from './plan-steps.tsx'

/** The plan as it stands; it is changed where it is asked about. */
export const PlanCard = memo(function PlanCard({ row }: { row: PlanRow }) {
  const counted = row.steps.filter((step) => step.status !== 'dropped')
  const done = counted.filter((step) => step.status === 'done').length
  return (
    <Card icon={ListChecks} title="Plan" facts={`${done} of ${counted.length} done`}>
      <PlanSteps steps={row.steps} />
      {row.note.trim() !== '' && (
        <div className="mt-2 text-muted">
          <Markdown text={row.note} />
        </div>
      )}
      {row.paths.length > 0 && (
        <p className="mt-2 text-xs text-muted">
          Expects to change{' '}
          {row.paths.map((path, at) => (
            <span key={path}>
              {at > 0 && ', '}
              <code className="font-mono">{path}</code>
            </span>
          ))}
        </p>
      )}
    </Card>
  )
})
