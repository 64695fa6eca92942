import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface LineProps {
  icon: LucideIcon
  iconClass?: string
  verb: string
  target: ReactNode
  targetClass?: string
  /** Right end: durations, counts. */
  facts?: ReactNode
  tone?: 'quiet' | 'warn' | 'bad'
  /** Left out: the line does not unfold. */
  fold?: { isUnfolded: boolean; turn: () => void }
  children?: ReactNode
}

const TONES = { quiet: 'text-muted', warn: 'text-warning-text', bad: 'text-danger-text' }

/** One compact line of the conversation: icon, verb, target, facts; what it unfolds to stands below. */
export function Line({ icon: Icon, iconClass, verb, target, targetClass = '', facts, tone = 'quiet', fold, children }: LineProps) {
  const content = (
    <>
      <Icon aria-hidden className={`mt-1 size-3.5 shrink-0 ${iconClass ?? TONES[tone]}`} strokeWidth={1.75} />
      <span className={`shrink-0 ${tone === 'quiet' ? 'text-foreground' : TONES[tone]}`}>{verb}</span>
      <span className={`min-w-0 flex-1 truncate text-left text-muted ${targetClass}`}>{target}</span>
      {facts !== undefined && (
        <span className="flex min-h-5 shrink-0 items-center gap-2 pl-2 text-xs text-muted tabular-nums">{facts}</span>
      )}
    </>
  )
  if (fold === undefined) return <div className="flex min-h-6 items-start gap-2 py-0.5 pr-7 pl-1.5 text-sm">{content}</div>
  return (
    <>
      <button
        type="button"
        aria-expanded={fold.isUnfolded}
        className="unfolding-line flex min-h-6 w-full items-start gap-2 rounded py-0.5 pr-7 pl-1.5 text-sm hover:bg-default"
        onClick={fold.turn}
      >
        {content}
      </button>
      {fold.isUnfolded && <div className="mt-1 mb-2 ml-1.5 border-l border-separator pl-4">{children}</div>}
    </>
  )
}
