'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { changeMe, listDevices, signOutDevice } from '@slipway/server/contract/identity-routes'
import { useState } from 'react'
import { call } from '../api/client.ts'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/text-field.tsx'
import { formatAgo } from '../format/date.ts'
import { useMe } from '../identity/use-me.ts'
import { signOut, signOutEverywhere } from '../sign-in/sign-in-api.ts'
import { ErrorLine } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { toasts } from '../toasts/toasts.ts'
import { Block, Row, Rows } from './block.tsx'
import { browserName } from './browser-name.ts'

const ROLES = { administrator: 'Administrator', member: 'Member', viewer: 'Viewer: looks, and changes nothing' }

export function ProfileSection() {
  const { data: me } = useMe()
  if (me === undefined) return null
  return (
    <>
      <Block title="You">
        <Rows>
          <Row title={me.email ?? 'The command line of this server'} note={ROLES[me.role]} />
        </Rows>
        <NameForm name={me.name} />
      </Block>
      {me.via === 'cookie' ? (
        <Devices />
      ) : (
        <p className="text-sm text-muted">You are here with a key, not signed in, so there is no browser to sign out.</p>
      )}
    </>
  )
}

function NameForm({ name }: { name: string }) {
  const queries = useQueryClient()
  const [typed, setTyped] = useState(name)
  const save = useMutation({
    mutationFn: () => call<typeof changeMe>('PATCH /me', { body: { name: typed.trim() } }),
    onSuccess: (me) => {
      queries.setQueryData(['me'], me)
      toasts.add({ text: 'Name saved' })
    },
  })
  return (
    <form
      className="mt-4 flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <TextField
        label="Name"
        className="min-w-48 flex-1"
        required
        maxLength={100}
        autoComplete="name"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <Button type="submit" disabled={typed.trim() === '' || typed.trim() === name} aria-busy={save.isPending}>
        Save
      </Button>
      {save.isError && <ErrorLine error={save.error} />}
    </form>
  )
}

function Devices() {
  const queries = useQueryClient()
  const devices = useQuery({ queryKey: ['devices'], queryFn: ({ signal }) => call<typeof listDevices>('GET /devices', { signal }) })
  const end = useMutation({
    mutationFn: (id: string) => call<typeof signOutDevice>('DELETE /devices/:id', { params: { id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['devices'] }),
  })
  const endAll = useMutation({ mutationFn: signOutEverywhere })
  const leave = useMutation({ mutationFn: signOut })
  const failed = devices.error ?? end.error ?? endAll.error ?? leave.error
  return (
    <Block
      title="Signed-in browsers"
      note="What each of them follows live ends when it is signed out."
      action={
        <Button size="sm" aria-busy={endAll.isPending} onClick={() => endAll.mutate()}>
          Sign out everywhere
        </Button>
      }
    >
      {failed !== null && <ErrorLine error={failed} />}
      {devices.isPending && <SkeletonRows rows={2} label="your browsers" />}
      <Rows>
        {devices.data?.devices.map((device) => (
          <Row
            key={device.id}
            title={browserName(device.userAgent)}
            note={`${device.isCurrent ? 'This browser' : `Seen ${formatAgo(device.seenAt, Date.now())}`} · ${device.address} · signed in ${formatAgo(device.signedInAt, Date.now())}`}
          >
            <Button size="sm" onClick={() => (device.isCurrent ? leave.mutate() : end.mutate(device.id))}>
              Sign out
            </Button>
          </Row>
        ))}
      </Rows>
    </Block>
  )
}
