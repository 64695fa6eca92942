'use client'

import { useState } from 'react'
import { useRepositories } from '../composer/use-choices.ts'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/text-field.tsx'
import type { SectionProps } from './plan-page.tsx'

/** Names a repository that is there; those of earlier sessions are offered. */
export function NameRepository({ plan, change, onDone }: SectionProps & { onDone(): void }) {
  const [name, setName] = useState(plan.request.repository ?? '')
  const recent = useRepositories()
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        const body = { version: plan.version, request: { repository: name.trim() }, newRepository: null }
        change.mutate({ kind: 'change', body }, { onSuccess: onDone })
      }}
    >
      <TextField
        label="Name or address"
        placeholder="owner/name, https address or path"
        className="min-w-0 flex-1 basis-64"
        required
        list="repositories"
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <datalist id="repositories">
        {(recent.data?.repositories ?? []).map(({ url }) => (
          <option key={url} value={url} />
        ))}
      </datalist>
      <Button type="submit" aria-busy={change.isPending}>
        Use it
      </Button>
    </form>
  )
}
