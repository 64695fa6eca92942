'use client'

import { Radio } from 'lucide-react'
import { formatClock } from '../../format/date.ts'
import { ErrorBoundary } from '../../states/error-boundary.tsx'
import { AskDock } from '../composer/ask-dock.tsx'
import { Composer } from '../composer/composer.tsx'
import { Conversation } from '../conversation/conversation.tsx'
import { useMoment } from '../moment.ts'
import { useEvents, useSessionAccess } from '../session-hooks.ts'

/** The conversation with what is asked and said below it. `hasMomentBar`: nothing else on the page names the shown moment. */
export function ConversationColumn({ hasMomentBar }: { hasMomentBar: boolean }) {
  return (
    <div className="flex h-full min-h-0 min-w-0 flex-col">
      {hasMomentBar && <MomentBar />}
      <ErrorBoundary name="The conversation">
        <Conversation />
      </ErrorBoundary>
      <People />
    </div>
  )
}

/** What a person can do; nothing for those who only look. */
export function People() {
  const { may, shareToken } = useSessionAccess()
  if (may === 'act') {
    return (
      <>
        <AskDock />
        <Composer />
      </>
    )
  }
  return shareToken === null ? (
    <p className="border-t border-separator px-4 py-2 text-center text-xs text-muted">You may look at this session, not speak in it.</p>
  ) : null
}

/** The page shows an earlier moment: which, and the way back. */
export function MomentBar() {
  const { at, backToLive } = useMoment()
  const events = useEvents()
  if (at === 'now') return null
  const event = events.find(({ seq }) => seq === at)
  return (
    <div role="status" className="flex h-9 shrink-0 items-center gap-2 border-b border-separator bg-accent-soft px-3 text-sm">
      <span className="min-w-0 truncate">
        As of event {at}
        {event !== undefined && `, ${formatClock(event.at)}`}
      </span>
      <button
        type="button"
        className="ml-auto flex h-7 items-center gap-1.5 rounded-md px-2 font-medium text-accent-text hover:bg-default"
        onClick={backToLive}
      >
        <Radio aria-hidden className="size-3.5" />
        Back to live
      </button>
    </div>
  )
}
