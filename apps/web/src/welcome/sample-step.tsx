'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { startSample } from '@slipway/server/contract/workbench-routes'
import { useRouter } from 'next/navigation'
import { call } from '../api/client.ts'
import { Button } from '../controls/button.tsx'
import { ErrorLine } from '../states/error-state.tsx'
import { endWelcome } from './end-welcome.ts'

/** Starts the bundled sample and goes to watch it. */
export function SampleStep({ onLeave }: { onLeave(): void }) {
  const router = useRouter()
  const queries = useQueryClient()
  const start = useMutation({
    mutationFn: () => call<typeof startSample>('POST /sample', {}),
    onSuccess: async ({ id }) => {
      endWelcome()
      await queries.invalidateQueries({ queryKey: ['sessions'] })
      router.push(`/sessions/${id}`)
    },
  })
  return (
    <>
      <p className="mb-5 text-sm text-muted">
        Where no model is set up, its words come from a script. The sandbox, the edits, the tests, the scan and the checks are real either
        way.
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <Button variant="primary" aria-busy={start.isPending} onClick={() => !start.isPending && start.mutate()}>
          {start.isPending ? 'Starting the sample …' : 'Run the sample'}
        </Button>
        <Button onClick={onLeave}>Write a task of my own</Button>
      </div>
      {start.isError && (
        <div className="mt-3">
          <ErrorLine error={start.error} />
        </div>
      )}
    </>
  )
}
