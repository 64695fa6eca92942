'use client'

import { useQuery } from '@tanstack/react-query'
import type { showDoctor } from '@slipway/server/contract/workbench-routes'
import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { call, type AnswerOf } from '../api/client.ts'
import { Button } from '../controls/button.tsx'
import { ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { Row, Rows } from './block.tsx'

type Finding = AnswerOf<typeof showDoctor>['findings'][number]

const KINDS = {
  ok: { icon: CircleCheck, tone: 'text-success-text', name: 'Works' },
  warn: { icon: TriangleAlert, tone: 'text-warning-text', name: 'Works, but' },
  fail: { icon: CircleX, tone: 'text-danger-text', name: 'Does not work' },
}

/** What the server says of its machine, the troubles first, each with what to type. `only` keeps the findings of these names. */
export function DoctorFindings({ only }: { only?: readonly string[] }) {
  const doctor = useQuery({
    queryKey: ['doctor'],
    queryFn: ({ signal }) => call<typeof showDoctor>('GET /doctor', { signal }),
    staleTime: 60_000,
  })
  if (doctor.isPending) return <SkeletonRows rows={3} label="what works on this machine" />
  if (doctor.isError)
    return <ErrorState error={doctor.error} onRetry={() => void doctor.refetch()} title="The machine could not be looked at" />
  const findings = doctor.data.findings.filter(({ name }) => only === undefined || only.includes(name.toLowerCase()))
  return (
    <>
      <Rows>
        {findings.map((finding) => (
          <FindingRow key={`${finding.name} ${finding.summary}`} finding={finding} />
        ))}
      </Rows>
      <Button size="sm" variant="ghost" className="mt-2" aria-busy={doctor.isFetching} onClick={() => void doctor.refetch()}>
        {doctor.isFetching ? 'Looking …' : 'Look again'}
      </Button>
    </>
  )
}

function FindingRow({ finding }: { finding: Finding }) {
  const { icon: Icon, tone, name } = KINDS[finding.state]
  return (
    <Row
      title={
        <span className="flex items-start gap-2">
          <Icon aria-label={name} className={`mt-0.5 size-4 shrink-0 ${tone}`} />
          <span className="min-w-0">
            <span className="font-medium">{finding.name}:</span> {finding.summary}
          </span>
        </span>
      }
      note={
        finding.cause === null && finding.fix === null ? undefined : (
          <span className="block pl-6">
            {finding.cause}
            {finding.fix !== null && (
              <code className="mt-1 block rounded bg-surface-secondary px-2 py-1 font-mono text-2xs break-all whitespace-pre-wrap">
                {finding.fix}
              </code>
            )}
          </span>
        )
      }
    />
  )
}
