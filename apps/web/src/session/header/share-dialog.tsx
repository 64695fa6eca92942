'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { listShares, makeShare, withdrawShare } from '@slipway/server/contract/share-routes'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { SelectField } from '../../controls/select-field.tsx'
import { formatAgo, formatDay } from '../../format/date.ts'
import { ErrorLine } from '../../states/error-state.tsx'
import { SkeletonRows } from '../../states/skeleton.tsx'
import { CopyButton } from '../conversation/copy-button.tsx'
import { useNow } from '../conversation/use-now.ts'
import { useSessionStore } from '../session-hooks.ts'

const DAY_MS = 86_400_000

/** Links by which others look at this session without signing in: make, list, withdraw. */
export function ShareDialog({ onClose }: { onClose: () => void }) {
  const { sessionId } = useSessionStore()
  const client = useQueryClient()
  const queryKey = ['shares', sessionId]
  const [days, setDays] = useState('7')
  const shares = useQuery({
    queryKey,
    queryFn: ({ signal }) => call<typeof listShares>('GET /sessions/:id/shares', { params: { id: sessionId }, signal }),
  })
  const refresh = (): void => void client.invalidateQueries({ queryKey })
  const make = useMutation({
    mutationFn: () =>
      call<typeof makeShare>('POST /sessions/:id/shares', {
        params: { id: sessionId },
        body: { expiresAt: days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString() },
      }),
    onSuccess: refresh,
  })
  const withdraw = useMutation({
    mutationFn: (shareId: string) =>
      call<typeof withdrawShare>('DELETE /sessions/:id/shares/:shareId', { params: { id: sessionId, shareId } }),
    onSuccess: refresh,
  })
  const nowMs = useNow()
  const list = shares.data?.shares ?? []
  return (
    <Dialog title="Share this session" onClose={onClose}>
      <p className="mb-3 text-sm text-muted">
        Everybody who has the link sees the conversation and what the agent did, live, and can do nothing. Costs, your name and places on
        the server are left out.
      </p>
      <div className="flex items-end gap-2">
        <SelectField label="The link works for" value={days} onChange={(event) => setDays(event.target.value)} className="flex-1">
          <option value="1">1 day</option>
          <option value="7">7 days</option>
          <option value="30">30 days</option>
          <option value="">As long as it is not withdrawn</option>
        </SelectField>
        <Button variant="primary" disabled={make.isPending} onClick={() => make.mutate()}>
          Make a link
        </Button>
      </div>
      {make.isError && <ErrorLine error={make.error} />}
      {make.data !== undefined && list.some((share) => share.id === make.data.id) && (
        <NewLink address={`${window.location.origin}${make.data.path}`} />
      )}
      <h3 className="mt-5 mb-1 text-xs font-medium text-muted">Links</h3>
      {shares.isPending && <SkeletonRows rows={1} label="links" />}
      {shares.isError && <ErrorLine error={shares.error} />}
      {shares.isSuccess && list.length === 0 && <p className="text-sm text-muted">Nobody but you sees this session.</p>}
      <ul className="divide-y divide-separator">
        {list.map((share) => (
          <li key={share.id} className="flex items-center gap-3 py-1.5 text-sm">
            <span className="font-mono text-xs">…{share.hint}</span>
            <span className="min-w-0 flex-1 text-xs break-words text-muted">
              made {formatAgo(share.createdAt, nowMs)},{' '}
              {share.expiresAt === null ? 'until it is withdrawn' : `until ${formatDay(share.expiresAt, nowMs)}`}
            </span>
            <Button size="sm" disabled={withdraw.isPending} onClick={() => withdraw.mutate(share.id)}>
              Withdraw
            </Button>
          </li>
        ))}
      </ul>
      {withdraw.isError && <ErrorLine error={withdraw.error} />}
    </Dialog>
  )
}

function NewLink({ address }: { address: string }) {
  return (
    <div className="mt-3 rounded-md border border-border p-2">
      <div className="flex items-center gap-1">
        <input
          readOnly
          aria-label="The new link"
          value={address}
          onFocus={(event) => event.target.select()}
          className="h-7 min-w-0 flex-1 bg-transparent font-mono text-xs outline-none"
        />
        <CopyButton text={address} label="Copy the link" />
      </div>
      <p className="text-xs text-muted">It is shown this once. Copy it now.</p>
    </div>
  )
}
