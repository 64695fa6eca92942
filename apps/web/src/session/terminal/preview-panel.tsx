'use client'

import { MonitorX } from 'lucide-react'
import { EmptyState } from '../../states/empty-state.tsx'

/** The app under work as a person would see it; this server offers none. */
export function PreviewPanel() {
  return (
    <EmptyState icon={MonitorX} title="Previews are not available on this server">
      What the agent starts listens inside the sandbox, and nothing leads there from outside. Ask the agent to call it with a command: the
      answer appears in the terminal.
    </EmptyState>
  )
}
