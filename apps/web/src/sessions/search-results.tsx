'use client'

import { Search } from 'lucide-react'
import Link from 'next/link'
import { EmptyState } from '../states/empty-state.tsx'
import { ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { addressOfHit, withoutEchoes } from './search-hits.ts'
import { useSearch, type SearchHit } from './use-sessions.ts'

const KINDS: Record<SearchHit['kind'], string> = {
  task: 'Task',
  person: 'You',
  agent: 'Agent',
  command: 'Command',
  output: 'Output',
}

/** Where the words occur, with a link to the very moment. */
export function SearchResults({ words }: { words: string }) {
  const search = useSearch(words)
  if (search.isError) return <ErrorState error={search.error} onRetry={() => void search.refetch()} title="The search failed" />
  if (search.data === undefined) return <SkeletonRows rows={5} label="the results" />
  const { isComplete, isCut } = search.data
  const hits = withoutEchoes(search.data.hits)
  return (
    <section aria-label="Results">
      <p role="status" className="px-3 pb-1.5 text-xs text-muted">
        {hits.length === 0 ? 'Nothing found' : `${hits.length} found`}
        {isCut && ', and there are more; another word narrows them down'}
        {isComplete ? '' : ' so far; older sessions are still being made searchable'}
      </p>
      {hits.length === 0 ? (
        <EmptyState icon={Search} title={`Nothing contains “${words}”`}>
          Every word must occur in one place: a task, something said, a command or its output. The beginning of the last word is enough.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-separator overflow-hidden rounded-lg border border-border bg-surface">
          {hits.map((hit) => (
            <Hit key={`${hit.sessionId} ${hit.seq}`} hit={hit} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Hit({ hit }: { hit: SearchHit }) {
  return (
    <li className="relative px-3 py-2.5 hover:bg-surface-secondary">
      <div className="flex items-baseline gap-2">
        <Link href={addressOfHit(hit)} prefetch={false} className="min-w-0 truncate text-sm font-medium before:absolute before:inset-0">
          {hit.title}
        </Link>
        <span className="ml-auto shrink-0 text-2xs text-muted">{KINDS[hit.kind]}</span>
      </div>
      <p
        className={`mt-0.5 line-clamp-2 text-xs break-words text-muted ${hit.kind === 'command' || hit.kind === 'output' ? 'font-mono' : ''}`}
      >
        {hit.excerpt.map(({ text, isMatch }, at) =>
          isMatch ? (
            <mark key={at} className="rounded-sm bg-warning-soft text-foreground">
              {text}
            </mark>
          ) : (
            <span key={at}>{text}</span>
          ),
        )}
      </p>
    </li>
  )
}
