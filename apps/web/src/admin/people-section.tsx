'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { changePerson, invitePerson, listPeople } from '@slipway/server/contract/identity-routes'
import { useState } from 'react'
import { call, type AnswerOf } from '../api/client.ts'
import { Button } from '../controls/button.tsx'
import { SelectField } from '../controls/select-field.tsx'
import { TextField } from '../controls/text-field.tsx'
import { formatAgo } from '../format/date.ts'
import { useNow } from '../format/use-now.ts'
import { Block, Row, Rows } from '../settings/block.tsx'
import { ErrorLine, ErrorState, messageOf } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { toasts } from '../toasts/toasts.ts'

type Person = AnswerOf<typeof listPeople>['people'][number]

const ROLES = [
  { role: 'administrator', name: 'Administrator' },
  { role: 'member', name: 'Member' },
  { role: 'viewer', name: 'Viewer' },
] as const
const MINUTE_MS = 60_000

export function PeopleSection() {
  const nowMs = useNow(MINUTE_MS)
  const people = useQuery({ queryKey: ['people'], queryFn: ({ signal }) => call<typeof listPeople>('GET /people', { signal }) })
  if (people.isPending) return <SkeletonRows rows={4} label="people" />
  if (people.isError) return <ErrorState error={people.error} onRetry={() => void people.refetch()} />
  const all = people.data.people
  const administrators = all.filter(({ role, isDisabled, joinedAt }) => role === 'administrator' && !isDisabled && joinedAt !== null)
  return (
    <>
      <Invitation />
      <Block
        title="People"
        note="Members start and steer sessions of their own; viewers look. Nobody sees somebody else’s sessions unless they are shared."
      >
        <Rows>
          {all.map((person) => (
            <PersonRow
              key={person.id}
              person={person}
              isLast={administrators.length === 1 && administrators[0]?.id === person.id}
              nowMs={nowMs}
            />
          ))}
        </Rows>
      </Block>
    </>
  )
}

function PersonRow({ person, isLast, nowMs }: { person: Person; isLast: boolean; nowMs: number }) {
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: (body: { role?: Person['role']; isDisabled?: boolean }) =>
      call<typeof changePerson>('PATCH /people/:id', { params: { id: person.id }, body }),
    onSuccess: (_, body) =>
      toasts.add({
        text: body.isDisabled === true ? `${person.email} is shut out` : `${person.email} was changed`,
        undo: () =>
          change.mutate({
            ...(body.role === undefined ? {} : { role: person.role }),
            ...(body.isDisabled === undefined ? {} : { isDisabled: person.isDisabled }),
          }),
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['people'] }),
  })
  return (
    <Row
      title={
        <span className={person.isDisabled ? 'text-muted' : ''}>
          {person.name || person.email}
          {person.isYou && <span className="text-muted"> (you)</span>}
        </span>
      }
      note={
        <>
          {person.name !== '' && `${person.email} · `}
          {stateOf(person, nowMs)}
          {isLast && <span className="block">The only administrator: make somebody else one before this one goes.</span>}
          {change.isError && <ErrorLine error={change.error} />}
        </>
      }
    >
      <div className="flex items-center gap-2">
        <SelectField
          label={`Role of ${person.email}`}
          isLabelHidden
          className="w-36"
          value={person.role}
          disabled={isLast || change.isPending}
          onChange={({ target }) => change.mutate({ role: target.value as Person['role'] })}
        >
          {ROLES.map(({ role, name }) => (
            <option key={role} value={role}>
              {name}
            </option>
          ))}
        </SelectField>
        <Button
          variant="ghost"
          className="w-20"
          aria-label={`${person.isDisabled ? 'Let in' : 'Shut out'} ${person.email}`}
          disabled={isLast || change.isPending}
          onClick={() => change.mutate({ isDisabled: !person.isDisabled })}
        >
          {person.isDisabled ? 'Let in' : 'Shut out'}
        </Button>
      </div>
    </Row>
  )
}

function stateOf({ isDisabled, joinedAt, seenAt }: Person, nowMs: number): string {
  if (isDisabled) return 'shut out'
  if (joinedAt === null) return 'invited, has not signed in yet'
  return seenAt === null ? 'has signed in' : `seen ${formatAgo(seenAt, nowMs)}`
}

function Invitation() {
  const queries = useQueryClient()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Person['role']>('member')
  const invite = useMutation({
    mutationFn: () => call<typeof invitePerson>('POST /people', { body: { email: email.trim(), role } }),
    onSuccess: () => {
      toasts.add({ text: `${email.trim()} may sign in now` })
      setEmail('')
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['people'] }),
  })
  return (
    <Block title="Invite" note="No mail is sent: tell them the address of this server, they sign in with theirs.">
      <form
        className="flex flex-wrap items-start gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          invite.mutate()
        }}
      >
        <TextField
          label="E-mail address"
          className="min-w-52 flex-1"
          type="email"
          required
          autoComplete="off"
          placeholder="name@example.org"
          value={email}
          error={invite.isError ? messageOf(invite.error) : null}
          onChange={({ target }) => {
            setEmail(target.value)
            invite.reset()
          }}
        />
        <SelectField label="Role" className="w-36" value={role} onChange={({ target }) => setRole(target.value as Person['role'])}>
          {ROLES.map((one) => (
            <option key={one.role} value={one.role}>
              {one.name}
            </option>
          ))}
        </SelectField>
        <Button type="submit" className="mt-6" aria-busy={invite.isPending}>
          Invite
        </Button>
      </form>
    </Block>
  )
}
