'use client'

import { Anchor, BookOpen, Search } from 'lucide-react'
import { useRef, type RefObject } from 'react'
import { Composer } from '../composer/composer.tsx'
import { repositoryName } from '../composer/repository-name.ts'
import { useRepositories } from '../composer/use-choices.ts'
import { Button } from '../controls/button.tsx'
import { SelectField } from '../controls/select-field.tsx'
import { inputClass } from '../controls/text-field.tsx'
import { FirstTutorial } from '../help/first-tutorial.tsx'
import { preferencesOf, useMe } from '../identity/use-me.ts'
import { openOverlay } from '../shell/overlays.ts'
import { Page } from '../shell/page.tsx'
import { EmptyState } from '../states/empty-state.tsx'
import { ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { NeedSection } from './need-section.tsx'
import { needs } from './needs.ts'
import { SearchResults } from './search-results.tsx'
import { useListState } from './use-list-state.ts'
import { useRested } from './use-rested.ts'
import { useSessions } from './use-sessions.ts'

/** Start one, then see what each needs. */
export function SessionsPage() {
  const { data: me } = useMe()
  const searchField = useRef<HTMLInputElement>(null)
  const { state, change } = useListState(searchField)
  const words = useRested(state.words.trim())
  return (
    <Page title="Sessions">
      {me?.role === 'viewer' ? (
        <p className="rounded-lg border border-border bg-surface px-4 py-3 text-sm text-muted">
          You may look at sessions, but not start any. An administrator can make you a member.
        </p>
      ) : (
        <Composer />
      )}
      <div className="mt-6 mb-4 flex flex-wrap items-center gap-2">
        <SearchField field={searchField} words={state.words} onChange={(typed) => change({ words: typed })} />
        <RepositoryFilter value={state.repository} onChange={(repository) => change({ repository })} />
        <label className="flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 text-sm text-muted hover:text-foreground">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={state.isArchived}
            onChange={({ target }) => change({ isArchived: target.checked })}
          />
          Archived
        </label>
      </div>
      {words === '' ? <Lists repository={state.repository} isArchived={state.isArchived} /> : <SearchResults words={words} />}
      <FirstTutorial />
    </Page>
  )
}

function Lists({ repository, isArchived }: { repository: string | null; isArchived: boolean }) {
  const filter = { repository, isArchived }
  const any = useSessions(null, filter, 1)
  if (any.isError && any.data === undefined) return <ErrorState error={any.error} onRetry={() => void any.refetch()} />
  if (any.data === undefined) return <SkeletonRows label="your sessions" />
  if (any.data.pages[0]?.sessions.length === 0) return <NoSessions isFiltered={repository !== null || isArchived} />
  return (
    <div className="space-y-6">
      {needs.map((kind) => (
        <NeedSection
          key={kind.need}
          kind={kind}
          filter={filter}
          isEndless={kind.need === 'done'}
          expected={any.data.pages[0]?.counts[kind.need] ?? 0}
        />
      ))}
    </div>
  )
}

function NoSessions({ isFiltered }: { isFiltered: boolean }) {
  const { data: me } = useMe()
  const isNew = me !== undefined && preferencesOf(me).hasSeenTutorial !== true
  if (isFiltered)
    return (
      <EmptyState icon={Search} title="No session matches">
        Take a filter away to see the others.
      </EmptyState>
    )
  if (me?.role === 'viewer')
    return (
      <EmptyState icon={Anchor} title="No sessions">
        What people share with you comes as a link; behind it a session is shown live.
      </EmptyState>
    )
  return (
    <EmptyState icon={Anchor} title="No sessions yet" action={isNew ? <TutorialButton /> : undefined}>
      Write above what should be done and press Enter. The agent works in a sandbox on a branch of its own, runs the checks, and opens a
      change request that you review. Sessions that wait for you come first in this list.
    </EmptyState>
  )
}

/** For whoever did not come through the guide, which offers it by itself. */
function TutorialButton() {
  return (
    <Button onClick={() => openOverlay('tutorial')}>
      <BookOpen aria-hidden />
      Take the short tutorial
    </Button>
  )
}

interface SearchFieldProps {
  field: RefObject<HTMLInputElement | null>
  words: string
  onChange(words: string): void
}

function SearchField({ field, words, onChange }: SearchFieldProps) {
  return (
    <div className="relative min-w-48 flex-1">
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-muted" />
      <input
        ref={field}
        id="session-search"
        type="search"
        // What a browser puts back into the field would pass for newly typed.
        autoComplete="off"
        aria-label="Search in all sessions"
        aria-keyshortcuts="/"
        placeholder="Search tasks, conversations, commands, outputs"
        maxLength={400}
        value={words}
        onChange={({ target }) => onChange(target.value)}
        className={`${inputClass} pl-8`}
      />
    </div>
  )
}

function RepositoryFilter({ value, onChange }: { value: string | null; onChange(value: string | null): void }) {
  const { data } = useRepositories()
  const urls = data?.repositories.map(({ url }) => url) ?? []
  if (urls.length < 2 && value === null) return null
  return (
    <SelectField
      label="Repository"
      isLabelHidden
      className="w-44"
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value === '' ? null : target.value)}
    >
      <option value="">All repositories</option>
      {[...new Set([...urls, ...(value === null ? [] : [value])])].map((url) => (
        <option key={url} value={url}>
          {repositoryName(url)}
        </option>
      ))}
    </SelectField>
  )
}
