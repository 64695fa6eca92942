'use client'

import { CornerDownLeft, GitPullRequest, Hand, ListChecks, MessagesSquare } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { useChangePreferences } from '../identity/use-me.ts'

const STEPS = [
  {
    icon: CornerDownLeft,
    title: 'Say what should be done',
    text: 'Write it on the sessions page as you would to a colleague, choose the repository, and press Enter. Shift and Enter makes a new line. What you write stays in this browser until it has started.',
  },
  {
    icon: MessagesSquare,
    title: 'Watch, and speak while it works',
    text: 'The session’s page shows every step: files, commands with their output, and what it thinks. Write at any time: your message is read after the current step, or waits until the agent rests.',
  },
  {
    icon: Hand,
    title: 'It asks where you decide',
    text: 'Before something leaves the sandbox you see exactly what would happen, why, and whether it can be undone. Such sessions come first in your list, under “Needs you”.',
  },
  {
    icon: ListChecks,
    title: 'Believe receipts, not words',
    text: 'Slipway runs the checks itself at the commit that is offered and shows each command with its exit code. Without a passed check nothing is called verified.',
  },
  {
    icon: GitPullRequest,
    title: 'Review the change request',
    text: 'The branch is pushed and a change request opened. Click on a line of the diff to collect comments; they go with your next message. Go back to any moment of the timeline, or fork from it.',
  },
]

/** Five short cards; opens from the help, the palette and after the first sign-in. */
export function Tutorial({ onClose }: { onClose(): void }) {
  const [at, setAt] = useState(0)
  const preferences = useChangePreferences()
  const step = STEPS[at] ?? STEPS[0]!
  const isLast = at === STEPS.length - 1
  const end = (): void => {
    preferences.mutate({ hasSeenTutorial: true })
    onClose()
  }
  return (
    <Dialog
      title="Short tutorial"
      onClose={end}
      footer={
        <>
          <span className="mr-auto self-center text-xs text-muted">
            {at + 1} of {STEPS.length}
          </span>
          {at > 0 && (
            <Button size="sm" onClick={() => setAt(at - 1)}>
              Back
            </Button>
          )}
          <Button size="sm" variant="primary" onClick={() => (isLast ? end() : setAt(at + 1))}>
            {isLast ? 'Done' : 'Next'}
          </Button>
        </>
      }
    >
      <div aria-live="polite" className="min-h-36">
        <step.icon aria-hidden className="mb-3 size-5 text-accent-text" strokeWidth={1.75} />
        <p className="font-medium">{step.title}</p>
        <p className="mt-1.5 text-sm text-muted">{step.text}</p>
      </div>
    </Dialog>
  )
}
