'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { changeSession } from '@slipway/server/contract/session-routes'
import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { messageOf } from '../../states/error-state.tsx'
import { toasts } from '../../toasts/toasts.ts'
import { useSessionAccess } from '../session-hooks.ts'

/** The title, which can be changed in place. */
export function SessionHeading({ title, isArchived }: { title: string; isArchived: boolean }) {
  const { store, may, viewKey } = useSessionAccess()
  const client = useQueryClient()
  const [draft, setDraft] = useState<string | null>(null)
  const rename = useMutation({
    mutationFn: (next: string) =>
      call<typeof changeSession>('PATCH /sessions/:id', { params: { id: store.sessionId }, body: { title: next } }),
    onSuccess(view) {
      client.setQueryData(viewKey, view)
      setDraft(null)
    },
    onError: (error) => toasts.add({ text: messageOf(error), kind: 'problem' }),
  })

  function save(): void {
    const next = (draft ?? '').trim()
    if (next === '' || next === title) return setDraft(null)
    rename.mutate(next)
  }

  if (draft !== null) {
    return (
      <form
        className="min-w-0 flex-1"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <input
          autoFocus
          aria-label="Title of the session"
          value={draft}
          maxLength={200}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && setDraft(null)}
          onBlur={save}
          onFocus={(event) => event.target.select()}
          className="h-7 w-full max-w-xl rounded-md border border-field-border bg-field px-2 text-sm font-medium"
        />
      </form>
    )
  }
  return (
    <div className="group flex min-w-0 items-center gap-1">
      <h1 className="min-w-0 truncate text-sm font-medium" title={title}>
        {title}
      </h1>
      {isArchived && <span className="shrink-0 rounded bg-default px-1.5 text-2xs text-muted">Archived</span>}
      {may === 'act' && (
        <button
          type="button"
          aria-label="Rename"
          title="Rename"
          className="flex size-6 shrink-0 items-center justify-center rounded text-muted opacity-0 group-hover:opacity-100 hover:bg-default hover:text-foreground focus-visible:opacity-100"
          onClick={() => setDraft(title)}
        >
          <Pencil aria-hidden className="size-3.5" />
        </button>
      )}
    </div>
  )
}
