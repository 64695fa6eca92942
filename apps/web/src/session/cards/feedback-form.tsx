'use client'

import { useMutation } from '@tanstack/react-query'
import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { useId, useState } from 'react'
import type { EventOf } from '@slipway/core/events'
import type { giveFeedback } from '@slipway/server/contract/session-routes'
import { Button } from '../../controls/button.tsx'
import { call } from '../../api/client.ts'
import { ErrorLine } from '../../states/error-state.tsx'
import { useSessionAccess } from '../session-hooks.ts'

type Verdict = 'up' | 'down'

/** Whether a turn was good, and why. */
export function FeedbackForm({ seq, given }: { seq: number; given: EventOf<'feedback-given'> | null }) {
  const { store, may } = useSessionAccess()
  const [verdict, setVerdict] = useState<Verdict | null>(null)
  const [reason, setReason] = useState('')
  const id = useId()
  const send = useMutation({
    mutationFn: (body: { seq: number; verdict: Verdict; reason: string }) =>
      call<typeof giveFeedback>('POST /sessions/:id/feedback', { params: { id: store.sessionId }, body }),
    onSuccess: () => setVerdict(null),
  })
  if (may === 'look') return null
  const chosen = verdict ?? given?.verdict ?? null
  return (
    <form
      className="mt-2 text-xs text-muted"
      onSubmit={(event) => {
        event.preventDefault()
        if (verdict !== null) send.mutate({ seq, verdict, reason })
      }}
    >
      <div className="flex items-center gap-1">
        <span className="mr-1">{given === null ? 'Was this good?' : 'Thank you.'}</span>
        <Thumb kind="up" chosen={chosen} choose={setVerdict} />
        <Thumb kind="down" chosen={chosen} choose={setVerdict} />
        {verdict === null && given !== null && given.reason !== '' && <span className="min-w-0 truncate">{given.reason}</span>}
      </div>
      {verdict !== null && (
        <div className="mt-2 flex items-end gap-2">
          <label htmlFor={id} className="min-w-0 flex-1">
            Why? (optional)
            <input
              id={id}
              autoFocus
              value={reason}
              maxLength={5_000}
              onChange={(event) => setReason(event.target.value)}
              className="mt-0.5 block h-7 w-full rounded-md border border-field-border bg-field px-2 text-sm text-foreground"
            />
          </label>
          <Button type="submit" size="sm" variant="secondary" disabled={send.isPending}>
            Send
          </Button>
          <Button size="sm" variant="ghost" onClick={() => setVerdict(null)}>
            Cancel
          </Button>
        </div>
      )}
      {send.isError && <ErrorLine error={send.error} />}
    </form>
  )
}

function Thumb({ kind, chosen, choose }: { kind: Verdict; chosen: Verdict | null; choose: (verdict: Verdict) => void }) {
  const Icon = kind === 'up' ? ThumbsUp : ThumbsDown
  return (
    <button
      type="button"
      aria-label={kind === 'up' ? 'Good' : 'Not good'}
      aria-pressed={chosen === kind}
      className="flex size-6 items-center justify-center rounded text-muted hover:bg-default hover:text-foreground aria-pressed:bg-accent-soft aria-pressed:text-accent-text"
      onClick={() => choose(kind)}
    >
      <Icon aria-hidden className="size-3.5" />
    </button>
  )
}
