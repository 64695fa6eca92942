import { OUTCOMES } from '../cards/outcome-words.ts'
import type { PageView } from '../session-hooks.ts'

const STATUSES: Record<PageView['status'], { word: string; colour: string; isMoving: boolean }> = {
  queued: { word: 'Queued', colour: 'bg-border-strong', isMoving: true },
  preparing: { word: 'Preparing', colour: 'bg-accent', isMoving: true },
  working: { word: 'Working', colour: 'bg-accent', isMoving: true },
  verifying: { word: 'Verifying', colour: 'bg-accent', isMoving: true },
  waiting: { word: 'Needs you', colour: 'bg-warning', isMoving: false },
  parked: { word: 'Paused', colour: 'bg-warning', isMoving: false },
  stopping: { word: 'Stopping', colour: 'bg-warning', isMoving: true },
  done: { word: 'At rest', colour: 'bg-border-strong', isMoving: false },
}

/** What the session does now and, apart from it, how its last turn ended. */
export function StatusBadge({ view }: { view: PageView }) {
  const { word, colour, isMoving } = STATUSES[view.status]
  const outcome = view.outcome === null ? null : OUTCOMES[view.outcome]
  return (
    <span className="flex shrink-0 items-center gap-3 text-xs">
      <span role="status" className="flex items-center gap-1.5" title={view.reason ?? undefined}>
        <span aria-hidden className={`size-2 rounded-full ${colour} ${isMoving ? 'animate-pulse' : ''}`} />
        {word}
      </span>
      {outcome !== null && (
        <span className={`flex items-center gap-1 ${outcome.colour}`} title={outcome.meaning}>
          <outcome.icon aria-hidden className="size-3.5" />
          {outcome.title}
        </span>
      )}
    </span>
  )
}
