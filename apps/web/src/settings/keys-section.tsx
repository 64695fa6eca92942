'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { listKeys, makeKey, revokeKey } from '@slipway/server/contract/identity-routes'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { call, type AnswerOf } from '../api/client.ts'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { SelectField } from '../controls/select-field.tsx'
import { TextField } from '../controls/text-field.tsx'
import { formatAgo, formatDay } from '../format/date.ts'
import { EmptyState } from '../states/empty-state.tsx'
import { ErrorLine, ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { toasts } from '../toasts/toasts.ts'
import { Block, Row, Rows } from './block.tsx'
import { NewKey } from './new-key.tsx'

type Key = AnswerOf<typeof listKeys>['keys'][number]

const DAY_MS = 86_400_000

export function KeysSection() {
  const keys = useQuery({ queryKey: ['keys'], queryFn: ({ signal }) => call<typeof listKeys>('GET /keys', { signal }) })
  const [isMaking, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<Key | null>(null)
  if (keys.isPending) return <SkeletonRows rows={3} label="your keys" />
  if (keys.isError) return <ErrorState error={keys.error} onRetry={() => void keys.refetch()} />
  return (
    <Block
      title="Your keys"
      note="A program with a key may do what you may do. Send it as “Authorization: Bearer …”."
      action={
        <Button size="sm" variant="primary" onClick={() => setMaking(true)}>
          New key
        </Button>
      }
    >
      {keys.data.keys.length === 0 ? (
        <EmptyState icon={KeyRound} title="No keys">
          Make one for a script, for CI, or for an MCP client. It is shown once, when it is made.
        </EmptyState>
      ) : (
        <Rows>
          {keys.data.keys.map((key) => (
            <Row key={key.id} title={key.name} note={describe(key)}>
              <Button size="sm" onClick={() => setRevoking(key)}>
                Revoke
              </Button>
            </Row>
          ))}
        </Rows>
      )}
      {isMaking && <MakeKey onClose={() => setMaking(false)} />}
      {revoking !== null && <RevokeKey toRevoke={revoking} onClose={() => setRevoking(null)} />}
    </Block>
  )
}

function describe({ hint, createdAt, lastUsedAt, expiresAt }: Key): string {
  const now = Date.now()
  return [
    `ends in ${hint}`,
    `made ${formatAgo(createdAt, now)}`,
    lastUsedAt === null ? 'never used' : `used ${formatAgo(lastUsedAt, now)}`,
    expiresAt === null ? 'does not expire' : `${Date.parse(expiresAt) < now ? 'expired' : 'expires'} ${formatDay(expiresAt, now)}`,
  ].join(' · ')
}

function MakeKey({ onClose }: { onClose(): void }) {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const [days, setDays] = useState('90')
  const make = useMutation({
    mutationFn: () =>
      call<typeof makeKey>('POST /keys', {
        body: { name: name.trim(), expiresAt: days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString() },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  })
  if (make.data !== undefined) return <NewKey name={make.data.name} secret={make.data.key} onClose={onClose} />
  return (
    <Dialog
      title="New API key"
      width="sm"
      onClose={onClose}
      footer={
        <>
          <Button size="sm" onClick={onClose}>
            Cancel
          </Button>
          <Button size="sm" variant="primary" type="submit" form="make-key" aria-busy={make.isPending}>
            Make the key
          </Button>
        </>
      }
    >
      <form
        id="make-key"
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault()
          make.mutate()
        }}
      >
        <TextField
          label="Name"
          hint="What it is for, so that you know it again."
          autoFocus
          required
          maxLength={100}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
        <SelectField label="Expires" value={days} onChange={({ target }) => setDays(target.value)}>
          <option value="7">in 7 days</option>
          <option value="30">in 30 days</option>
          <option value="90">in 90 days</option>
          <option value="365">in a year</option>
          <option value="">never</option>
        </SelectField>
        {make.isError && <ErrorLine error={make.error} />}
      </form>
    </Dialog>
  )
}

function RevokeKey({ toRevoke, onClose }: { toRevoke: Key; onClose(): void }) {
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => call<typeof revokeKey>('DELETE /keys/:id', { params: { id: toRevoke.id } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['keys'] })
      toasts.add({ text: `“${toRevoke.name}” no longer counts` })
      onClose()
    },
  })
  return (
    <Dialog
      title={`Revoke “${toRevoke.name}”?`}
      width="sm"
      onClose={onClose}
      footer={
        <>
          <Button size="sm" onClick={onClose}>
            Keep it
          </Button>
          <Button size="sm" variant="danger" aria-busy={revoke.isPending} onClick={() => revoke.mutate()}>
            Revoke
          </Button>
        </>
      }
    >
      <p className="text-sm text-muted">Whatever uses it is refused from that moment on. This cannot be undone; make a new key instead.</p>
      {revoke.isError && <ErrorLine error={revoke.error} />}
    </Dialog>
  )
}
