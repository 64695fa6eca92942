// What one drive of one session carries around: its log, its ports, its sandbox, and the signals that end an effect.

import type { Situation } from '@slipway/core/moves/move'
import { estimateTokens } from '@slipway/core/context/tokens'
import type { Lease, ModelDescription, Ports } from '@slipway/core/ports'
import { staticInstructions } from '@slipway/core/prompt/instructions'
import type { SessionState } from '@slipway/core/state'
import { openMcpServers, type McpServers } from './mcp/mcp-servers.ts'
import { openSessionLog, type SessionLog } from './session-log.ts'
import { toolDefinitions } from './tools/definitions.ts'
import { backgroundCommands, type BackgroundCommands } from './tools/background.ts'
import { openWorkspaceHandle, type WorkspaceHandle } from './workspace-handle.ts'

export interface DriveContext {
  sessionId: string
  session: SessionLog
  ports: Ports
  /** Aborts when this worker must let go of the session. */
  signal: AbortSignal
  workspace: WorkspaceHandle
  mcp: McpServers
  background: BackgroundCommands
  /** Contents the model has seen, by path, so that an edit of a file that changed since is refused. */
  fileShas: Map<string, string>
  situation(): Promise<Situation>
  /** Estimated size of what comes before everything else in a prompt: tools and static instructions. */
  prefixTokens: number
  describe(model: string): Promise<ModelDescription | null>
  /** Runs an effect with a signal that also aborts when a person stops the session, within about a second. */
  effect<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Shows a wait to viewers. */
  progress(phase: string, text: string, deadlineMs: number | null): void
  close(): Promise<void>
}

const stopPollMs = 1_000

/** Opens the log and prepares everything else to be opened when it is first needed. */
export async function openContext(lease: Lease, ports: Ports, signal: AbortSignal): Promise<DriveContext> {
  const session = await openSessionLog(lease, ports)
  const { sessionId } = lease
  const descriptions = new Map<string, ModelDescription>()
  const progress: DriveContext['progress'] = (phase, text, deadlineMs) => {
    const nowMs = ports.clock.now()
    const deadlineAt = deadlineMs === null ? null : new Date(nowMs + deadlineMs).toISOString()
    ports.bus.publish({ kind: 'progress', progress: { sessionId, phase, text, startedAt: new Date(nowMs).toISOString(), deadlineAt } })
  }
  const fileShas = new Map(Object.entries(session.state().seenFiles))
  // What was written in a sandbox that died, and not kept, has never been seen in the next one.
  const onOpened = (): void => {
    fileShas.clear()
    for (const [path, sha] of Object.entries(session.state().seenFiles)) fileShas.set(path, sha)
  }
  const workspace = openWorkspaceHandle({ session, ports, signal, progress, onOpened })
  const mcp = openMcpServers({ workspace, session, ports })

  const describe: DriveContext['describe'] = async (model) => {
    const known = descriptions.get(model)
    if (known) return known
    const described = await ports.model.describe(model)
    if (!described.ok) return null
    descriptions.set(model, described.description)
    return described.description
  }

  return {
    sessionId,
    session,
    ports,
    signal,
    workspace,
    mcp,
    background: backgroundCommands(ports.clock),
    fileShas,
    describe,
    prefixTokens,
    progress,
    async situation() {
      await Promise.all(modelsOf(session.state()).map(describe))
      return { nowMs: ports.clock.now(), models: descriptions, prefixTokens }
    },
    async effect(run) {
      const controller = new AbortController()
      const stop = (): void => controller.abort()
      const check = async (head?: number): Promise<void> => {
        await session.catchUp(head)
        if (session.state().stop) stop()
      }
      // A database that is away for a moment is no reason to cut an effect: one that stays away costs the lease, and that ends it.
      const checkQuietly = (head?: number): void => void check(head).catch(() => undefined)
      // What this driver appends is told before its append returns, too.
      const unsubscribe = ports.bus.subscribe(sessionId, (message) => {
        if (message.kind === 'events' && message.head > session.state().head) checkQuietly(message.head)
      })
      const done = new AbortController()
      void pollUntil(done.signal, ports, checkQuietly)
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
      try {
        return await run(controller.signal)
      } finally {
        done.abort()
        unsubscribe()
        signal.removeEventListener('abort', stop)
      }
    },
    async close() {
      await mcp.close()
      await workspace.close()
    },
  }
}

const prefixTokens = estimateTokens(staticInstructions) + estimateTokens(JSON.stringify(toolDefinitions))

/** The bus may miss a message when the database connection is lost; a look each second bounds the delay. */
async function pollUntil(done: AbortSignal, ports: Ports, look: () => void): Promise<void> {
  for (;;) {
    await ports.clock.sleep(stopPollMs, done)
    if (done.aborted) return
    look()
  }
}

function modelsOf(state: SessionState): string[] {
  const { plan, code } = state.roles
  const names = [plan.model, plan.fallback, code.model, code.fallback, state.retry?.model]
  return [...new Set(names.filter((name): name is string => typeof name === 'string'))]
}
