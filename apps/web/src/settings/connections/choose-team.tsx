'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { chooseConnectionTeam, listConnectionTeams } from '@slipway/server/contract/connection-routes'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { SelectField } from '../../controls/select-field.tsx'
import { ErrorLine, ErrorState } from '../../states/error-state.tsx'
import { SkeletonRows } from '../../states/skeleton.tsx'
import { CONNECTIONS, type Connection } from './use-connections.ts'

/** Asks whose projects at Vercel an account is used for. */
export function ChooseTeam({ connection, onClose }: { connection: Connection; onClose(): void }) {
  const queries = useQueryClient()
  const { id } = connection
  const teams = useQuery({
    queryKey: ['connection-teams', id],
    queryFn: ({ signal }) => call<typeof listConnectionTeams>('GET /connections/:id/teams', { params: { id }, signal }),
  })
  const present = teams.data?.teams.find(({ name }) => name === connection.team)?.id ?? ''
  const [chosen, setChosen] = useState<string | null>(null)
  const choose = useMutation({
    mutationFn: () =>
      call<typeof chooseConnectionTeam>('PATCH /connections/:id', { params: { id }, body: { teamId: (chosen ?? present) || null } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: CONNECTIONS })
      onClose()
    },
  })
  return (
    <Dialog
      title="Whose projects?"
      width="sm"
      onClose={onClose}
      footer={
        <>
          <Button size="sm" onClick={onClose}>
            Leave it
          </Button>
          <Button
            size="sm"
            variant="primary"
            aria-busy={choose.isPending}
            aria-disabled={teams.data === undefined}
            onClick={() => teams.data !== undefined && choose.mutate()}
          >
            Use it
          </Button>
        </>
      }
    >
      {teams.isPending && <SkeletonRows rows={1} label="your teams" />}
      {teams.isError && <ErrorState error={teams.error} onRetry={() => void teams.refetch()} />}
      {teams.data !== undefined && (
        <SelectField
          label="Team"
          hint={`Deployments of what ${connection.accountName} publishes are looked for there.`}
          value={chosen ?? present}
          onChange={({ target }) => setChosen(target.value)}
        >
          <option value="">what Vercel takes by itself</option>
          {teams.data.teams.map((team) => (
            <option key={team.id} value={team.id}>
              {team.name}
            </option>
          ))}
        </SelectField>
      )}
      {choose.isError && <ErrorLine error={choose.error} />}
    </Dialog>
  )
}
