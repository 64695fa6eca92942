'use client'

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { listAudit, listPeople } from '@slipway/server/contract/identity-routes'
import { ScrollText } from 'lucide-react'
import { useState } from 'react'
import { call, type AnswerOf } from '../api/client.ts'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/text-field.tsx'
import { formatMoment } from '../format/date.ts'
import { browserName } from '../settings/browser-name.ts'
import { EmptyState } from '../states/empty-state.tsx'
import { ErrorLine, ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { matchesWords } from './matches-words.ts'

type Entry = AnswerOf<typeof listAudit>['entries'][number]

const PAGE = 100

/** What was done about access, newest first; the filter looks through what is loaded. */
export function AuditSection() {
  const [words, setWords] = useState('')
  const audit = useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam, signal }) =>
      call<typeof listAudit>('GET /audit', { query: { limit: PAGE, ...(pageParam === null ? {} : { before: pageParam }) }, signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
  })
  const people = useQuery({ queryKey: ['people'], queryFn: ({ signal }) => call<typeof listPeople>('GET /people', { signal }) })
  const names = new Map(people.data?.people.map(({ id, email }) => [id, email]))
  if (audit.isPending) return <SkeletonRows label="the audit" />
  if (audit.data === undefined) return <ErrorState error={audit.error} onRetry={() => void audit.refetch()} />
  const entries = audit.data.pages.flatMap((page) => page.entries)
  if (entries.length === 0)
    return (
      <EmptyState icon={ScrollText} title="Nothing was done yet">
        Sign-ins, changed roles, keys and shared links are written down here and never changed.
      </EmptyState>
    )
  const shown = entries.filter((entry) => matchesWords(wordsOf(entry, names), words))
  return (
    <>
      <TextField
        label="Filter"
        className="mb-3 max-w-sm"
        placeholder="sign-in, a person, a key"
        value={words}
        onChange={({ target }) => setWords(target.value)}
      />
      <p role="status" className="mb-2 text-xs text-muted">
        {shown.length} of {entries.length} loaded{audit.hasNextPage ? '; there are older ones' : ''}
      </p>
      {shown.length > 0 && (
        <ol className="divide-y divide-separator rounded-lg border border-border bg-surface">
          {shown.map((entry) => (
            <li key={entry.seq} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-3 py-2">
              <span className="w-44 shrink-0 text-sm font-medium">{nameOf(entry.action)}</span>
              <span className="min-w-0 flex-1 basis-56 text-xs break-words text-muted">{detailsOf(entry, names)}</span>
              <time dateTime={entry.at} className="text-xs text-muted">
                {formatMoment(entry.at)}
              </time>
            </li>
          ))}
        </ol>
      )}
      {audit.isFetchNextPageError && <ErrorLine error={audit.error} />}
      {audit.hasNextPage && (
        <Button className="mt-3" aria-busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
          Older
        </Button>
      )}
    </>
  )
}

function nameOf(action: string): string {
  const words = action.replaceAll('-', ' ').replace('sign in', 'sign-in')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

type Names = ReadonlyMap<string, string>

const INSTALLATION = 'local'

/** People by their addresses, as far as they are still known; the rest as it was written down. */
function detailsOf({ actorId, subject, details }: Entry, names: Names): string {
  const nameOr = (id: string): string => names.get(id) ?? (id === INSTALLATION ? 'the installation’s own key' : id)
  const actor = actorId === null ? 'somebody unknown' : nameOr(actorId)
  const isOwn = subject === null || nameOr(subject) === actor
  const said = Object.entries(details).flatMap(([name, value]) => (value === null ? [] : [detailOf(name, String(value))]))
  return [`by ${actor}`, ...(isOwn ? [] : [`on ${nameOr(subject)}`]), ...said].join(' · ')
}

function detailOf(name: string, value: string): string {
  if (name === 'userAgent') return browserName(value)
  return `${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)} ${value}`
}

function wordsOf(entry: Entry, names: Names): string {
  return `${nameOf(entry.action)} ${entry.action} ${detailsOf(entry, names)}`
}
