import { CircleHelp, Clock, type LucideIcon } from 'lucide-react'
import { formatMoment } from '../../format/date.ts'

/** What is asked, and until when an answer counts. */
export function AskHead({
  title,
  expiresAt = null,
  icon: Icon = CircleHelp,
}: {
  title: string
  expiresAt?: string | null
  icon?: LucideIcon
}) {
  return (
    <div className="mb-2 flex items-start gap-2">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-warning-text" />
      <h2 className="min-w-0 flex-1 font-medium break-words whitespace-pre-wrap">{title}</h2>
      {expiresAt !== null && (
        <span className="flex shrink-0 items-center gap-1 text-xs text-muted" title={`Counts until ${formatMoment(expiresAt)}`}>
          <Clock aria-hidden className="size-3" />
          until {new Date(expiresAt).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}
        </span>
      )}
    </div>
  )
}
