import { ExternalLink, ListTodo, NotebookText } from 'lucide-react'
import Link from 'next/link'
import { safeUrl } from '../session/conversation/safe-url.ts'
import type { Board } from './use-board.ts'

/** A task that has no session yet: where it stands, and how far it is in the words used there. */
export function TrackerCard({ task }: { task: Board['trackerTasks'][number] }) {
  const { title, source, from, note } = task
  const Icon = source === 'plan' ? ListTodo : NotebookText
  return (
    <li className="relative flex items-start gap-2 rounded-lg border border-border bg-surface px-3 py-2.5 hover:bg-surface-secondary">
      <Icon aria-hidden strokeWidth={1.75} className="mt-0.5 size-3.5 shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <h3 className="text-sm break-words">
          <Title task={task}>{title}</Title>
        </h3>
        <p className="text-2xs break-words text-muted">
          {source === 'plan' ? 'Plan' : 'Notion'}: {from}
        </p>
        {note !== null && <p className="mt-0.5 text-2xs break-words text-muted">{note}</p>}
      </div>
    </li>
  )
}

const WHOLE = 'before:absolute before:inset-0'

function Title({ task: { source, url }, children }: { task: Board['trackerTasks'][number]; children: string }) {
  if (source === 'plan')
    return (
      <Link href={url} prefetch={false} className={WHOLE}>
        {children}
      </Link>
    )
  const outside = safeUrl(url)
  if (outside === null) return children
  return (
    <a href={outside.href} target="_blank" rel="noopener noreferrer" className={WHOLE}>
      {children}
      <ExternalLink aria-label="in Notion" role="img" className="ml-1 inline size-3 text-muted" />
    </a>
  )
}
