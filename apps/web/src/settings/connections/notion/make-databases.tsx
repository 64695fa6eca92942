'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { createNotionDatabases } from '@slipway/server/contract/notion-routes'
import { useState } from 'react'
import { call } from '../../../api/client.ts'
import { Button } from '../../../controls/button.tsx'
import { Dialog } from '../../../controls/dialog.tsx'
import { TextField } from '../../../controls/text-field.tsx'
import { ErrorLine } from '../../../states/error-state.tsx'
import { toasts } from '../../../toasts/toasts.ts'
import { pageIdIn } from './page-id.ts'

/** Makes new databases below a page of Notion; that of the tasks is connected at once. */
export function MakeDatabases({ onClose }: { onClose(): void }) {
  const queries = useQueryClient()
  const [page, setPage] = useState('')
  const [repository, setRepository] = useState('')
  const [isChecked, setChecked] = useState(false)
  const parentPageId = pageIdIn(page)
  const make = useMutation({
    mutationFn: (parent: string) => {
      const defaults = repository.trim() === '' ? {} : { repository: repository.trim() }
      return call<typeof createNotionDatabases>('POST /notion/databases', { body: { parentPageId: parent, defaults } })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['notion'] })
      toasts.add({ text: 'Tasks and Routines were made in Notion' })
      onClose()
    },
  })
  return (
    <Dialog
      title="Make databases"
      width="sm"
      onClose={onClose}
      footer={
        <>
          <Button size="sm" onClick={onClose}>
            Cancel
          </Button>
          <Button size="sm" variant="primary" type="submit" form="make-databases" aria-busy={make.isPending}>
            Make them
          </Button>
        </>
      }
    >
      <form
        id="make-databases"
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault()
          setChecked(true)
          if (parentPageId !== null) make.mutate(parentPageId)
        }}
      >
        <TextField
          label="Page in Notion"
          hint="Its link, or its id. The databases are made below it; the integration must be added to it."
          error={isChecked && parentPageId === null ? 'This is no link to a page of Notion.' : null}
          autoFocus
          required
          value={page}
          onChange={({ target }) => setPage(target.value)}
        />
        <TextField
          label="Repository"
          hint="For pages that name none themselves."
          placeholder="owner/name"
          maxLength={500}
          value={repository}
          onChange={({ target }) => setRepository(target.value)}
        />
        {make.isError && <ErrorLine error={make.error} />}
      </form>
    </Dialog>
  )
}
