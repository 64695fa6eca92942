'use client'

import { Button } from '../controls/button.tsx'
import { Block } from '../settings/block.tsx'
import { FindingList } from '../settings/finding-list.tsx'
import { useDoctor } from '../settings/use-doctor.ts'
import { ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'

const OVERALL = { ok: 'Everything works', warn: 'Everything works, with remarks', fail: 'Something does not work' }

/** What works on the server's machine. */
export function HealthSection() {
  const doctor = useDoctor()
  if (doctor.isPending) return <SkeletonRows label="what works on this machine" />
  if (doctor.isError)
    return <ErrorState error={doctor.error} title="The machine could not be looked at" onRetry={() => void doctor.refetch()} />
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
      <FindingList findings={doctor.data.findings} />
    </Block>
  )
}
