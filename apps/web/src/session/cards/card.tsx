import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface CardProps {
  icon: LucideIcon
  iconClass?: string
  title: ReactNode
  /** Right end of the head. */
  facts?: ReactNode
  label?: string
  children?: ReactNode
}

/** A framed piece of the conversation: a head line and what belongs to it. */
export function Card({ icon: Icon, iconClass = 'text-muted', title, facts, label, children }: CardProps) {
  return (
    <section
      aria-label={label ?? (typeof title === 'string' ? title : undefined)}
      className="my-2 overflow-hidden rounded-md border border-border bg-surface text-sm"
    >
      <div className="flex min-h-9 items-center gap-2 px-3 py-1.5">
        <Icon aria-hidden className={`size-4 shrink-0 ${iconClass}`} strokeWidth={1.75} />
        <div className="min-w-0 flex-1 font-medium break-words">{title}</div>
        {facts !== undefined && <div className="flex shrink-0 items-center gap-2 text-xs text-muted tabular-nums">{facts}</div>}
      </div>
      {children !== undefined && <div className="border-t border-separator px-3 py-2">{children}</div>}
    </section>
  )
}
