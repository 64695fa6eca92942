import type { LucideIcon } from 'lucide-react'
import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

interface LineProps {
  icon: LucideIcon
  iconClass?: string
  verb: string
  target: ReactNode
  /** Right end: durations, counts. */
  facts?: ReactNode
  tone?: 'quiet' | 'warn' | 'bad'
  /** Left out: the line does not unfold. */
  fold?: { isUnfolded: boolean; turn: () => void }
  children?: ReactNode
}

const TONES = { quiet: 'text-muted', warn: 'text-warning-text', bad: 'text-danger-text' }

/** One compact line of the conversation: icon, verb, target, facts; what it unfolds to stands below. */
export function Line({ icon: Icon, iconClass, verb, target, facts, tone = 'quiet', fold, children }: LineProps) {
  const content = (
    <>
      <Icon aria-hidden className={`mt-1 size-3.5 shrink-0 ${iconClass ?? TONES[tone]}`} strokeWidth={1.75} />
      <span className={`shrink-0 ${tone === 'quiet' ? 'text-foreground' : TONES[tone]}`}>{verb}</span>
      <span className="min-w-0 flex-1 truncate text-left text-muted">{target}</span>
      {facts !== undefined && (
        <span className="flex min-h-5 shrink-0 items-center gap-2 pl-2 text-xs text-muted tabular-nums">{facts}</span>
      )}
    </>
  )
  if (fold === undefined) return <div className="flex min-h-6 items-start gap-2 px-1.5 py-0.5 text-sm">{content}</div>
  return (
    <div>
      <button
        type="button"
        aria-expanded={fold.isUnfolded}
        className="group/line flex min-h-6 w-full items-start gap-2 rounded px-1.5 py-0.5 text-sm hover:bg-default"
        onClick={fold.turn}
      >
        {content}
        <ChevronRight
          aria-hidden
          className={`mt-1 size-3.5 shrink-0 text-muted transition-transform duration-100 ${fold.isUnfolded ? 'rotate-90' : 'opacity-0 group-hover/line:opacity-100 group-focus-visible/line:opacity-100'}`}
        />
      </button>
      {fold.isUnfolded && <div className="mt-1 mb-2 ml-1.5 border-l border-separator pl-4">{children}</div>}
    </div>
  )
}
