'use client'

import { CornerDownLeft, GitPullRequest, Hand, ListChecks, MessagesSquare, X } from 'lucide-react'
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

/** Five short cards, from the help and the palette. */
export function Tutorial({ onClose }: { onClose(): void }) {
  const reading = useReading(onClose)
  return (
    <Dialog title="Short tutorial" onClose={reading.end} footer={<Turn reading={reading} />}>
      <Card at={reading.at} />
    </Dialog>
  )
}

/** The same beside a page that goes on working: nothing is covered that is needed, and the focus stays where it is. */
export function TutorialInCorner({ onClose }: { onClose(): void }) {
  const reading = useReading(onClose)
  return (
    <aside
      aria-label="Short tutorial"
      className="fixed inset-x-3 bottom-3 z-30 rounded-lg border border-border bg-overlay shadow-overlay sm:left-auto sm:w-96"
      onKeyDown={({ key }) => key === 'Escape' && reading.end()}
    >
      <header className="flex items-center border-b border-separator py-1.5 pr-1.5 pl-4">
        <h2 className="text-sm font-medium">Short tutorial</h2>
        <button
          type="button"
          aria-label="Close the tutorial"
          onClick={reading.end}
          className="ml-auto flex size-7 items-center justify-center rounded-md text-muted hover:bg-default hover:text-foreground"
        >
          <X aria-hidden className="size-4" />
        </button>
      </header>
      <div className="px-4 py-3">
        <Card at={reading.at} />
      </div>
      <footer className="flex justify-end gap-2 border-t border-separator px-4 py-2.5">
        <Turn reading={reading} />
      </footer>
    </aside>
  )
}

interface Reading {
  at: number
  turnTo(at: number): void
  end(): void
}

/** Which card is read; however it ends, it is remembered that the tutorial was seen. */
function useReading(onClose: () => void): Reading {
  const [at, turnTo] = useState(0)
  const preferences = useChangePreferences()
  const end = (): void => {
    preferences.mutate({ hasSeenTutorial: true })
    onClose()
  }
  return { at, turnTo, end }
}

function Turn({ reading: { at, turnTo, end } }: { reading: Reading }) {
  const isLast = at === STEPS.length - 1
  return (
    <>
      <span className="mr-auto self-center text-xs text-muted">
        {at + 1} of {STEPS.length}
      </span>
      {at > 0 && (
        <Button size="sm" onClick={() => turnTo(at - 1)}>
          Back
        </Button>
      )}
      <Button size="sm" variant="primary" onClick={() => (isLast ? end() : turnTo(at + 1))}>
        {isLast ? 'Done' : 'Next'}
      </Button>
    </>
  )
}

function Card({ at }: { at: number }) {
  const step = STEPS[at] ?? STEPS[0]!
  return (
    <div aria-live="polite" className="min-h-36">
      <step.icon aria-hidden className="mb-3 size-5 text-accent-text" strokeWidth={1.75} />
      <p className="font-medium">{step.title}</p>
      <p className="mt-1.5 text-sm text-muted">{step.text}</p>
    </div>
  )
}
