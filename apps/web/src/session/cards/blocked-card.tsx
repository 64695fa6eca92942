'use client'

import { Globe } from 'lucide-react'
import type { EgressPhase } from '@slipway/core/policy/egress-advice'
import { memo } from 'react'
import type { BlockedRow } from '../conversation/row.ts'
import { EgressAdvice } from './egress-advice.tsx'
import { egressWords } from './egress-words.ts'
import { Card } from './card.tsx'

const PHASES: Record<EgressPhase, string> = {
  setup: 'set-up',
  agent: 'a command of the agent',
  verification: 'verification',
  preview: 'the preview',
}

/** Hosts that something in the sandbox tried to reach and was not let through to. */
export const BlockedCard = memo(function BlockedCard({ row }: { row: BlockedRow }) {
  return (
    <Card
      icon={Globe}
      iconClass="text-warning-text"
      title={row.hosts.length === 1 ? 'A network request was blocked' : `${row.hosts.length} network destinations were blocked`}
    >
      <ul className="space-y-1">
        {row.hosts.map((blocked) => (
          <li key={`${blocked.phase} ${blocked.host} ${blocked.port}`} className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-mono text-xs break-all">
              {blocked.host}
              {blocked.port !== 0 && `:${blocked.port}`}
            </span>
            <span className="text-muted">
              {egressWords(blocked.reason)}
              {blocked.count > 1 && `; asked for ${blocked.count} times`} ({PHASES[blocked.phase]})
            </span>
          </li>
        ))}
      </ul>
      <EgressAdvice refused={row.hosts} />
    </Card>
  )
})
