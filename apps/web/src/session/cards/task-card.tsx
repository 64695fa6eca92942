'use client'

import { ClipboardList } from 'lucide-react'
import Link from 'next/link'
import { memo } from 'react'
import { formatMoment } from '../../format/date.ts'
import { Markdown } from '../conversation/markdown.tsx'
import { OutsideLink } from '../conversation/outside-link.tsx'
import { safeUrl } from '../conversation/safe-url.ts'
import type { TaskRow } from '../conversation/row.ts'
import { NotionCard } from './notion-card.tsx'

const SOURCES = {
  chat: 'written here',
  cli: 'from the command line',
  api: 'through the API',
  routine: 'from a routine',
  notion: 'from a Notion page',
  issue: 'from an issue',
  plan: 'from a plan',
  demo: 'of the sample',
}

/** What was asked for, and where that came from. */
export const TaskCard = memo(function TaskCard({ row }: { row: TaskRow }) {
  const { task } = row.created
  const isLinked = task.source.ref !== null && safeUrl(task.source.ref) !== null
  return (
    <section aria-label="Task" className="mt-3 mb-2">
      <div className="rounded-lg bg-surface-tertiary px-3 py-2">
        <Markdown text={task.text} />
      </div>
      <p className="mt-1 flex flex-wrap items-center gap-x-1.5 px-1 text-xs text-muted">
        <ClipboardList aria-hidden className="size-3" />
        Task {SOURCES[task.source.kind]}
        {task.source.kind === 'plan' && task.source.ref !== null && (
          <Link href={`/plans/${encodeURIComponent(task.source.ref)}`} className="underline underline-offset-2">
            open it
          </Link>
        )}
        {task.source.kind !== 'notion' &&
          task.source.kind !== 'plan' &&
          task.source.ref !== null &&
          task.source.ref !== '' &&
          (isLinked ? <OutsideLink href={task.source.ref}>open it</OutsideLink> : <span className="font-mono">{task.source.ref}</span>)}
        <span aria-hidden>·</span>
        <time dateTime={row.at}>{formatMoment(row.at)}</time>
      </p>
      {(task.source.kind === 'notion' || task.source.kind === 'plan') && <NotionCard />}
    </section>
  )
})
