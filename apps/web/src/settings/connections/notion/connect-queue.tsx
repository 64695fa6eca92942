'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { connectNotionDatabase } from '@slipway/server/contract/notion-routes'
import { useState } from 'react'
import { call } from '../../../api/client.ts'
import { useNotionDatabases } from '../../../composer/use-notion.ts'
import { Button } from '../../../controls/button.tsx'
import { Dialog } from '../../../controls/dialog.tsx'
import { SelectField } from '../../../controls/select-field.tsx'
import { SwitchRow } from '../../../controls/switch-row.tsx'
import { TextField } from '../../../controls/text-field.tsx'
import { ErrorLine, ErrorState } from '../../../states/error-state.tsx'
import { SkeletonRows } from '../../../states/skeleton.tsx'
import { FieldChoices } from './field-choices.tsx'
import { bodyOf, formOf, type QueueForm } from './queue-form.ts'
import type { Queue } from './use-queues.ts'

/** Chooses a database of Notion and says what its fields mean; `queue`: one that is connected already. */
export function ConnectQueue({ queue, onClose }: { queue: Queue | null; onClose(): void }) {
  const queries = useQueryClient()
  const databases = useNotionDatabases(true)
  const [form, setForm] = useState(() => formOf(queue))
  const set = (change: Partial<QueueForm>): void => setForm({ ...form, ...change })
  const connect = useMutation({
    mutationFn: () => call<typeof connectNotionDatabase>('POST /notion/connections', { body: bodyOf(form, queue) }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['notion'] })
      onClose()
    },
  })
  const found = databases.data?.databases ?? []
  return (
    <Dialog
      title={queue === null ? 'Connect a database' : `“${queue.title}” in Notion`}
      onClose={onClose}
      footer={
        <>
          <Button size="sm" onClick={onClose}>
            Cancel
          </Button>
          <Button size="sm" variant="primary" type="submit" form="connect-queue" aria-busy={connect.isPending}>
            {queue === null ? 'Connect it' : 'Save'}
          </Button>
        </>
      }
    >
      {databases.isPending && <SkeletonRows rows={4} label="your databases in Notion" />}
      {databases.isError && <ErrorState error={databases.error} onRetry={() => void databases.refetch()} />}
      {databases.data !== undefined && (
        <form
          id="connect-queue"
          className="space-y-3"
          onSubmit={(event) => {
            event.preventDefault()
            connect.mutate()
          }}
        >
          <SelectField
            label="Database"
            hint="One is missing? In Notion: ••• → Connections → add the integration."
            required
            disabled={queue !== null}
            value={form.databaseId}
            onChange={({ target }) => setForm({ ...formOf(null), ...form, databaseId: target.value, fields: formOf(null).fields })}
          >
            <option value="" disabled>
              Choose one
            </option>
            {found.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </SelectField>
          <TextField
            label="Repository"
            hint="For pages that name none themselves."
            placeholder="owner/name"
            maxLength={500}
            value={form.repository}
            onChange={({ target }) => set({ repository: target.value })}
          />
          <SelectField
            label="What waits for you"
            value={form.autonomy}
            onChange={({ target }) => set({ autonomy: target.value as QueueForm['autonomy'] })}
          >
            <option value="ask">the plan and publishing</option>
            <option value="plan">publishing</option>
            <option value="auto">nothing</option>
          </SelectField>
          <FieldChoices form={form} database={found.find(({ id }) => id === form.databaseId)} onChange={set} />
          <SwitchRow
            label="Add what is missing"
            hint="Fields and states that the database lacks are added to it."
            isOn={form.addsMissing}
            onChange={(addsMissing) => set({ addsMissing })}
          />
          <SwitchRow
            label="Start sessions by status"
            hint={`A page that is set to ${form.states.ready} starts a session.`}
            isOn={form.isQueue}
            onChange={(isQueue) => set({ isQueue })}
          />
          {connect.isError && <ErrorLine error={connect.error} />}
        </form>
      )}
    </Dialog>
  )
}
