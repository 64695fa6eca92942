'use client'

import { useQuery } from '@tanstack/react-query'
import type { showDoctor } from '@slipway/server/contract/workbench-routes'
import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { call, type AnswerOf } from '../api/client.ts'
import { CopyBlock } from '../board/no-features.tsx'
import { Button } from '../controls/button.tsx'
import { Block } from '../settings/block.tsx'
import { ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'

type Finding = AnswerOf<typeof showDoctor>['findings'][number]

const KINDS = {
  fail: { icon: CircleX, tone: 'text-danger-text', name: 'Does not work' },
  warn: { icon: TriangleAlert, tone: 'text-warning-text', name: 'Works, but' },
  ok: { icon: CircleCheck, tone: 'text-success-text', name: 'Works' },
}
const WORST_FIRST = ['fail', 'warn', 'ok'] as const
const OVERALL = { ok: 'Everything works', warn: 'Everything works, with remarks', fail: 'Something does not work' }

/** What works on the server's machine, troubles first, each with its cause and what to type. */
export function HealthSection() {
  const doctor = useQuery({
    queryKey: ['doctor'],
    queryFn: ({ signal }) => call<typeof showDoctor>('GET /doctor', { signal }),
    staleTime: 60_000,
  })
  if (doctor.isPending) return <SkeletonRows label="what works on this machine" />
  if (doctor.isError)
    return <ErrorState error={doctor.error} title="The machine could not be looked at" onRetry={() => void doctor.refetch()} />
  const findings = WORST_FIRST.flatMap((state) => doctor.data.findings.filter((finding) => finding.state === state))
  return (
    <Block
      title={OVERALL[doctor.data.state]}
      note="Programs, sandboxes, database, models and services, as the server finds them."
      action={
        <Button size="sm" aria-busy={doctor.isFetching} onClick={() => void doctor.refetch()}>
          {doctor.isFetching ? 'Looking …' : 'Look again'}
        </Button>
      }
    >
      <ul className="divide-y divide-separator rounded-lg border border-border bg-surface">
        {findings.map((finding) => (
          <FindingRow key={`${finding.name} ${finding.summary}`} finding={finding} />
        ))}
      </ul>
    </Block>
  )
}

function FindingRow({ finding: { name, state, summary, cause, fix } }: { finding: Finding }) {
  const kind = KINDS[state]
  return (
    <li className="flex items-start gap-2 px-3 py-2.5">
      <kind.icon aria-label={kind.name} className={`mt-0.5 size-4 shrink-0 ${kind.tone}`} />
      <div className="min-w-0 flex-1">
        <p className="text-sm break-words">
          <span className="font-medium">{name}:</span> {summary}
        </p>
        {cause !== null && <p className="mt-0.5 text-xs break-words text-muted">{cause}</p>}
        {fix !== null && <CopyBlock text={fix} name={`what to type for ${name}`} />}
      </div>
    </li>
  )
}
