'use client'

import { useEffect, useRef } from 'react'
import { Button } from '../controls/button.tsx'
import { useNow } from '../format/use-now.ts'
import { ErrorLine } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import type { NeedKind } from './needs.ts'
import { SessionCardRow } from './session-card.tsx'
import { useSessions, type Filter } from './use-sessions.ts'

interface NeedSectionProps {
  kind: NeedKind
  filter: Filter
  /** The last section goes on by itself when its end is reached. */
  isEndless: boolean
  /** How many there are at most, as far as the list knows already; only shapes what is seen while they come. */
  expected: number
}

/** Sessions with one need under their heading; nothing where there are none. */
export function NeedSection({ kind, filter, isEndless, expected }: NeedSectionProps) {
  const sessions = useSessions(kind.need, filter, isEndless ? 30 : 10)
  const nowMs = useNow(30_000)
  const cards = sessions.data?.pages.flatMap((page) => page.sessions) ?? []
  if (sessions.isError && cards.length === 0) return <ErrorLine error={sessions.error} />
  if (sessions.isPending && expected > 0) return <SkeletonRows rows={Math.min(3, expected)} label={kind.name} />
  if (cards.length === 0) return null
  const count = sessions.data?.pages[0]?.counts[kind.need] ?? cards.length
  return (
    <section aria-label={kind.name}>
      <h2 className="flex items-baseline gap-2 px-3 pb-1.5 text-xs font-medium text-muted">
        {kind.name}
        {filter.repository === null && !filter.isArchived && <span className="font-normal">{count}</span>}
      </h2>
      <ul className="divide-y divide-separator overflow-hidden rounded-lg border border-border bg-surface">
        {cards.map((card) => (
          <SessionCardRow key={card.id} card={card} nowMs={nowMs} />
        ))}
      </ul>
      {sessions.hasNextPage && (
        <More isEndless={isEndless} isLoading={sessions.isFetchingNextPage} onMore={() => void sessions.fetchNextPage()} />
      )}
    </section>
  )
}

function More({ isEndless, isLoading, onMore }: { isEndless: boolean; isLoading: boolean; onMore(): void }) {
  const end = useRef<HTMLDivElement>(null)
  const latest = useRef(onMore)
  latest.current = onMore
  useEffect(() => {
    if (!isEndless || end.current === null) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current(), { rootMargin: '600px' })
    observer.observe(end.current)
    return () => observer.disconnect()
  }, [isEndless, isLoading])
  return (
    <div ref={end} className="mt-2 flex justify-center">
      <Button size="sm" variant="ghost" onClick={onMore} aria-busy={isLoading}>
        {isLoading ? 'Loading more …' : 'Show more'}
      </Button>
    </div>
  )
}
