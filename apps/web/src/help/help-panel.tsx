'use client'

import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { openOverlay } from '../shell/overlays.ts'

const TOPICS: readonly { question: string; answer: string }[] = [
  {
    question: 'What happens when I start a session?',
    answer:
      'The repository is fetched, a sandbox starts with a copy of it, and the agent plans and works there on a branch of its own. You watch every step and can write at any time.',
  },
  {
    question: 'What can the agent reach?',
    answer:
      'Only the files in its sandbox, and the hosts that the policy of this installation names. It never holds your credentials: what leaves the sandbox goes through the airlock, which checks and scans it first.',
  },
  {
    question: 'What do the three modes mean?',
    answer:
      'Plan first: it works by itself and asks before anything leaves the sandbox. Go ahead: it also pushes and opens the change request, as far as the policy allows. Ask about everything: it waits for your yes to its plan as well.',
  },
  {
    question: 'What does “verified” mean?',
    answer:
      'Slipway itself ran the checks at exactly the commit that was pushed, in a sandbox of their own, and all of them passed. The receipts with their exit codes are on the session’s page. What could not be run is named, never left out.',
  },
  {
    question: 'How do I stop it, and what is lost?',
    answer:
      'Stop ends the running command within a second. The session and its work stay: you can go on, take the work tree back to an earlier moment, or fork from there.',
  },
  {
    question: 'What does it cost?',
    answer:
      'Each card and page shows what was spent so far. A budget pauses the session and asks before it is passed. Usage shows days, repositories and models; limits of your own are in the settings.',
  },
  {
    question: 'Who sees my sessions?',
    answer:
      'You alone, also among administrators. A link that you share shows one session without amounts of money, and ends when you withdraw it.',
  },
]

/** Answers to what people ask first; opens from anywhere. */
export function HelpPanel({ onClose }: { onClose(): void }) {
  return (
    <Dialog
      title="Help"
      onClose={onClose}
      footer={
        <>
          <Button size="sm" onClick={() => openOverlay('shortcuts')}>
            Keyboard shortcuts
          </Button>
          <Button size="sm" onClick={() => openOverlay('tutorial')}>
            Short tutorial
          </Button>
        </>
      }
    >
      <div className="-my-2 divide-y divide-separator">
        {TOPICS.map(({ question, answer }) => (
          <details key={question} name="help" className="group py-2.5">
            <summary className="cursor-pointer text-sm font-medium marker:text-muted">{question}</summary>
            <p className="mt-1.5 pl-4 text-sm text-muted">{answer}</p>
          </details>
        ))}
      </div>
    </Dialog>
  )
}
