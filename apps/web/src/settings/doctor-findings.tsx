'use client'

import { Button } from '../controls/button.tsx'
import { ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { FindingList } from './finding-list.tsx'
import { useDoctor } from './use-doctor.ts'

/** What the server says of its machine. `only` keeps the findings of these names. */
export function DoctorFindings({ only }: { only?: readonly string[] }) {
  const doctor = useDoctor()
  if (doctor.isPending) return <SkeletonRows rows={3} label="what works on this machine" />
  if (doctor.isError)
    return <ErrorState error={doctor.error} onRetry={() => void doctor.refetch()} title="The machine could not be looked at" />
  return (
    <>
      <FindingList findings={doctor.data.findings.filter(({ name }) => only === undefined || only.includes(name.toLowerCase()))} />
      <Button size="sm" variant="ghost" className="mt-2" aria-busy={doctor.isFetching} onClick={() => void doctor.refetch()}>
        {doctor.isFetching ? 'Looking …' : 'Look again'}
      </Button>
    </>
  )
}
