'use client'

import { MonitorPlay } from 'lucide-react'
import { EmptyState } from '../../states/empty-state.tsx'
import { useSessionAccess, useSessionView } from '../session-hooks.ts'
import { StartForm } from './start-form.tsx'

/** Nothing to look at yet: what a preview is, and how to get one. */
export function NothingListens() {
  const { may } = useSessionAccess()
  const view = useSessionView().data
  const isWorking = view !== undefined && ['queued', 'preparing', 'working', 'verifying', 'stopping'].includes(view.status)
  return (
    <div className="h-full overflow-y-auto">
      <EmptyState
        icon={MonitorPlay}
        title="Nothing listens in the sandbox"
        action={may === 'act' ? <StartForm label="Start preview" /> : undefined}
      >
        <p>
          What the agent starts on a port appears here by itself.{' '}
          {isWorking
            ? 'The agent works now: a preview of yours starts as soon as it rests.'
            : 'While it rests you can start the application as it was left, in its own sandbox.'}
        </p>
        <p className="mt-2">
          The command is taken from <code className="font-mono text-xs">preview</code> in{' '}
          <code className="font-mono text-xs">.slipway/environment.yaml</code>, from the scripts of{' '}
          <code className="font-mono text-xs">package.json</code>, or an <code className="font-mono text-xs">index.html</code> is served.
        </p>
      </EmptyState>
    </div>
  )
}
