'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { createTrigger } from '@slipway/server/contract/trigger-routes'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { SelectField } from '../../controls/select-field.tsx'
import { TextField } from '../../controls/text-field.tsx'
import { ErrorLine } from '../../states/error-state.tsx'

type Wanted = { provider: 'github' | 'gitlab'; slug: string; label: string; botName: string; autonomy: 'ask' | 'plan' | 'auto' }

/** Asks for the repository and what is a reason to begin. */
export function WatchRepository({ onClose }: { onClose(): void }) {
  const queries = useQueryClient()
  const [wanted, setWanted] = useState<Wanted>({ provider: 'github', slug: '', label: 'slipway', botName: 'slipway', autonomy: 'plan' })
  const set = (change: Partial<Wanted>): void => setWanted({ ...wanted, ...change })
  const add = useMutation({
    mutationFn: () => call<typeof createTrigger>('POST /triggers', { body: wanted }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['triggers'] })
      onClose()
    },
  })
  return (
    <Dialog
      title="Watch a repository"
      width="sm"
      onClose={onClose}
      footer={
        <>
          <Button size="sm" onClick={onClose}>
            Cancel
          </Button>
          <Button size="sm" variant="primary" type="submit" form="watch-repository" aria-busy={add.isPending}>
            Watch it
          </Button>
        </>
      }
    >
      <form
        id="watch-repository"
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault()
          add.mutate()
        }}
      >
        <SelectField label="Where" value={wanted.provider} onChange={({ target }) => set({ provider: target.value as Wanted['provider'] })}>
          <option value="github">GitHub</option>
          <option value="gitlab">GitLab</option>
        </SelectField>
        <TextField
          label="Repository"
          hint="As owner/name; your account there must be able to write to it."
          autoFocus
          required
          maxLength={200}
          value={wanted.slug}
          onChange={({ target }) => set({ slug: target.value })}
        />
        <TextField
          label="Label"
          hint="An issue that is given it starts a session."
          required
          maxLength={100}
          value={wanted.label}
          onChange={({ target }) => set({ label: target.value })}
        />
        <TextField
          label="Name of the bot"
          hint="Mentioned as @name in a comment, or assigned to an issue, it starts one too."
          required
          maxLength={60}
          value={wanted.botName}
          onChange={({ target }) => set({ botName: target.value })}
        />
        <SelectField
          label="What waits for you"
          value={wanted.autonomy}
          onChange={({ target }) => set({ autonomy: target.value as Wanted['autonomy'] })}
        >
          <option value="ask">the plan and publishing</option>
          <option value="plan">publishing</option>
          <option value="auto">nothing</option>
        </SelectField>
        {add.isError && <ErrorLine error={add.error} />}
      </form>
    </Dialog>
  )
}
