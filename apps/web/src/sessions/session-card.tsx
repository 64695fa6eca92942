'use client'

import { Archive, ArchiveRestore, Check, CircleAlert, Clock3, GitPullRequest, GitPullRequestDraft } from 'lucide-react'
import Link from 'next/link'
import { repositoryName } from '../composer/repository-name.ts'
import { formatAgo, formatMoment } from '../format/date.ts'
import { formatMoney } from '../format/money.ts'
import { needs } from './needs.ts'
import { outcomeName } from './outcome-name.ts'
import { useMayAct } from '../identity/use-me.ts'
import { useArchive, type SessionCard } from './use-sessions.ts'

/** One session in a list: what it needs, where it is, what came of it. */
export function SessionCardRow({ card, nowMs }: { card: SessionCard; nowMs: number }) {
  const archive = useArchive()
  const mayAct = useMayAct()
  const kind = needs.find(({ need }) => need === card.need)
  const Icon = kind?.icon ?? Check
  return (
    <li className="group relative flex items-start gap-3 px-3 py-2.5 hover:bg-surface-secondary">
      <Icon
        aria-hidden
        strokeWidth={1.75}
        className={`mt-0.5 size-4 shrink-0 ${kind?.tone ?? ''} ${card.need === 'running' ? 'motion-safe:animate-[spin_4s_linear_infinite]' : ''}`}
      />
      <div className="min-w-0 flex-1">
        <Link
          href={`/sessions/${card.id}`}
          prefetch={false}
          className="block truncate text-sm font-medium outline-offset-4 before:absolute before:inset-0"
          title={card.title}
        >
          {card.title}
        </Link>
        <p className="mt-0.5 flex items-center gap-x-2 overflow-hidden text-xs whitespace-nowrap text-muted">
          <span className="min-w-12 truncate">{repositoryName(card.repository)}</span>
          <Dot />
          <span title={formatMoment(card.updatedAt)}>{formatAgo(card.updatedAt, nowMs)}</span>
          {card.costMicros > 0 && (
            <>
              <Dot />
              <span>{formatMoney(card.costMicros)}</span>
            </>
          )}
          {card.outcome !== null && (
            <>
              <Dot />
              <span className={card.outcome === 'failed' ? 'text-danger-text' : ''}>{outcomeName(card.outcome)}</span>
            </>
          )}
        </p>
        {card.question !== null && <p className="mt-1 line-clamp-2 text-sm break-words text-warning-text">{card.question}</p>}
      </div>
      <div className="relative flex shrink-0 items-center gap-2">
        <Checks checks={card.checks} />
        <ChangeRequest changeRequest={card.changeRequest} />
        {mayAct && (
          <button
            type="button"
            aria-label={card.isArchived ? `Take “${card.title}” back` : `Archive “${card.title}”`}
            title={card.isArchived ? 'Take back' : 'Archive'}
            onClick={() => archive.mutate({ id: card.id, isArchived: !card.isArchived })}
            className="flex size-6 items-center justify-center rounded text-muted opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 hover:bg-default hover:text-foreground pointer-coarse:opacity-100"
          >
            {card.isArchived ? <ArchiveRestore aria-hidden className="size-3.5" /> : <Archive aria-hidden className="size-3.5" />}
          </button>
        )}
      </div>
    </li>
  )
}

function Dot() {
  return <span aria-hidden>·</span>
}

export function ChangeRequest({ changeRequest }: { changeRequest: SessionCard['changeRequest'] }) {
  if (changeRequest === null) return null
  const Icon = changeRequest.isDraft ? GitPullRequestDraft : GitPullRequest
  return (
    <a
      href={changeRequest.url}
      target="_blank"
      rel="noreferrer"
      aria-label={`Change request ${changeRequest.number}${changeRequest.isDraft ? ', a draft' : ''}`}
      className="flex h-6 items-center gap-1 rounded border border-border px-1.5 text-xs text-muted hover:border-border-strong hover:text-foreground"
    >
      <Icon aria-hidden className="size-3.5" />#{changeRequest.number}
    </a>
  )
}

export function Checks({ checks }: { checks: SessionCard['checks'] }) {
  if (checks === null) return null
  const { passed, failed, pending } = checks
  if (failed > 0)
    return (
      <span className="flex items-center gap-1 text-xs text-danger-text">
        <CircleAlert aria-hidden className="size-3.5" />
        {failed} failed
      </span>
    )
  if (pending > 0)
    return (
      <span className="flex items-center gap-1 text-xs text-muted">
        <Clock3 aria-hidden className="size-3.5" />
        {passed}/{passed + pending}
      </span>
    )
  return (
    <span className="flex items-center gap-1 text-xs text-success-text">
      <Check aria-hidden className="size-3.5" />
      <span className="sr-only">Checks passed: </span>
      {passed}
    </span>
  )
}
