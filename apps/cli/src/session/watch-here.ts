// Drives and shows a session at this terminal, from Ctrl-C to exit code.

import { loadSession } from '@slipway/server/actions/access'
import { asLocal } from '@slipway/server/auth/ports-for'
import { viewSession } from '@slipway/server/views/session-view'
import { applyDailyBudget, type Runtime } from '@slipway/server/runtime'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { outcomeCode } from '../outcome-code.ts'
import { howToAnswer } from '../render/render-ask.ts'
import { renderSummary } from '../render/summary.ts'
import type { Terminal } from '../terminal.ts'
import { runForeground, type Foreground } from './foreground.ts'
import { openViewer } from './viewer.ts'

export interface WatchHere {
  runtime: Runtime
  sessionId: string
  terminal: Terminal
  /** Events up to here are known already and not shown. */
  after: number
  format: 'people' | 'json'
  /** Prints between the last event and the summary. */
  epilogue?(): Promise<void>
}

/** How long a second Ctrl-C waits for the session to be handed back. */
const LEAVE_WITHIN_MS = 1_500

export async function watchHere({ runtime, sessionId, terminal, after, format, epilogue }: WatchHere): Promise<ExitCode> {
  await applyDailyBudget(runtime)
  // Events that are known already are not shown again, but rows about their calls need them.
  const from = format === 'people' ? 0 : after
  const viewer = openViewer({ runtime, sessionId, after: from, terminal, format, skips: (event) => event.seq <= after })
  const foreground = runForeground({ runtime, sessionId, viewer, terminal })
  const removeHandlers = handleInterrupts(foreground, sessionId, terminal)
  try {
    const { head } = await foreground.done
    await viewer.shown(head)
    const loaded = await loadSession(asLocal(runtime.ports), sessionId)
    const code = outcomeCode(loaded.state, viewer.lastAsk())
    viewer.close()
    await epilogue?.()
    if (format === 'people') for (const line of renderSummary(viewSession(loaded.state, loaded), terminal.style)) terminal.print(line)
    else if (loaded.state.ask)
      for (const line of [`waits for a person: ${loaded.state.ask.kind}`, ...howToAnswer(sessionId, loaded.state.ask)])
        terminal.note(`slipway: ${line}`)
    return code
  } finally {
    removeHandlers()
    viewer.close()
  }
}

function handleInterrupts(foreground: Foreground, sessionId: string, terminal: Terminal): () => void {
  function interrupt(): void {
    if (foreground.interrupt() === 'stopping') {
      terminal.note('slipway: stopping the agent. Ctrl-C again leaves at once.')
      return
    }
    terminal.status(null)
    terminal.note(`slipway: left. Nothing is lost; go on with: slipway resume ${sessionId}`)
    setTimeout(() => process.exit(exitCodes.stopped), LEAVE_WITHIN_MS).unref()
    void foreground.done.finally(() => process.exit(exitCodes.stopped))
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  return () => {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}
