'use client'

import { Archive, ArchiveRestore } from 'lucide-react'
import Link from 'next/link'
import { repositoryName } from '../composer/repository-name.ts'
import { formatAgo, formatMoment } from '../format/date.ts'
import { formatMoney } from '../format/money.ts'
import { shortBranches } from '../format/short-branches.ts'
import { withoutMarks } from '../format/without-marks.ts'
import { ChangeRequest, Checks } from './change-request-state.tsx'
import { lookOf } from './needs.ts'
import { outcomeName } from './outcome-name.ts'
import { useMayAct } from '../identity/use-me.ts'
import { useArchive, type SessionCard } from './use-sessions.ts'

/** One session in a list: what it needs, where it is, what came of it. */
export function SessionCardRow({ card, nowMs }: { card: SessionCard; nowMs: number }) {
  const archive = useArchive()
  const mayAct = useMayAct()
  const { icon: Icon, tone } = lookOf(card)
  return (
    <li className="group relative grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-x-3 px-3 py-2.5 hover:bg-surface-secondary sm:grid-cols-[auto_minmax(0,1fr)_auto_auto] sm:gap-x-2">
      <Icon
        aria-hidden
        strokeWidth={1.75}
        className={`mt-0.5 size-4 shrink-0 sm:mr-1 ${tone} ${card.need === 'running' ? 'motion-safe:animate-[spin_4s_linear_infinite]' : ''}`}
      />
      <div className="min-w-0">
        <Link
          href={`/sessions/${card.id}`}
          prefetch={false}
          className="text-sm font-medium max-sm:line-clamp-2 max-sm:break-words sm:block sm:truncate outline-offset-4 before:absolute before:inset-0"
          title={card.title}
        >
          {card.title}
        </Link>
        <p className="mt-0.5 flex items-center gap-x-2 overflow-hidden text-xs whitespace-nowrap text-muted *:shrink-0">
          <span className="min-w-0 shrink! truncate">{repositoryName(card.repository)}</span>
          <Dot />
          <span title={formatMoment(card.updatedAt)}>{formatAgo(card.updatedAt, nowMs)}</span>
          {card.costMicros > 0 && (
            // The first to go where the line is short.
            <span className="flex gap-x-2 max-sm:hidden">
              <Dot />
              <span>{formatMoney(card.costMicros)}</span>
            </span>
          )}
          {card.outcome !== null && (
            <>
              <Dot />
              <span className={card.outcome === 'failed' ? 'text-danger-text' : ''}>{outcomeName(card.outcome)}</span>
            </>
          )}
        </p>
        {card.question !== null && (
          <p className="mt-1 line-clamp-2 text-sm break-words text-warning-text">{shortBranches(withoutMarks(card.question))}</p>
        )}
      </div>
      {(card.checks !== null || card.changeRequest !== null) && (
        <div className="relative flex items-center gap-2 max-sm:col-start-2 max-sm:row-start-2 max-sm:mt-1.5">
          <Checks checks={card.checks} />
          <ChangeRequest changeRequest={card.changeRequest} />
        </div>
      )}
      {mayAct && (
        <button
          type="button"
          aria-label={card.isArchived ? `Take “${card.title}” back` : `Archive “${card.title}”`}
          title={card.isArchived ? 'Take back' : 'Archive'}
          onClick={() => archive.mutate({ id: card.id, isArchived: !card.isArchived })}
          className="relative flex size-6 items-center justify-center rounded text-muted opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:bg-default hover:text-foreground pointer-coarse:opacity-100 max-sm:col-start-3 max-sm:row-start-1 sm:col-start-4"
        >
          {card.isArchived ? <ArchiveRestore aria-hidden className="size-3.5" /> : <Archive aria-hidden className="size-3.5" />}
        </button>
      )}
    </li>
  )
}

function Dot() {
  return <span aria-hidden>·</span>
}
