import { CircleHelp, Clock, type LucideIcon } from 'lucide-react'
import { WithCode } from '../../controls/with-code.tsx'
import { formatMoment } from '../../format/date.ts'
import { shortBranches } from '../../format/short-branches.ts'
import { Markdown } from '../conversation/markdown.tsx'

/** What is asked, and until when an answer counts. */
export function AskHead({
  title,
  expiresAt = null,
  icon: Icon = CircleHelp,
  isMarkdown = false,
}: {
  title: string
  expiresAt?: string | null
  icon?: LucideIcon
  /** Words of the agent; else the product's own, in which only code is marked. */
  isMarkdown?: boolean
}) {
  const shown = shortBranches(title)
  return (
    <div className="mb-2 flex items-start gap-2">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-warning-text" />
      {isMarkdown ? (
        <div role="heading" aria-level={2} className="min-w-0 flex-1 break-words">
          <Markdown text={title} />
        </div>
      ) : (
        <h2 className="min-w-0 flex-1 font-medium break-words whitespace-pre-wrap" title={shown === title ? undefined : title}>
          <WithCode text={shown} />
        </h2>
      )}
      {expiresAt !== null && (
        <span className="flex shrink-0 items-center gap-1 text-xs text-muted" title={`Counts until ${formatMoment(expiresAt)}`}>
          <Clock aria-hidden className="size-3" />
          until {new Date(expiresAt).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}
        </span>
      )}
    </div>
  )
}
