// Remembers which sandbox the agent works in now, for those who look into it from beside the drive.

import type { Sandbox, Workspaces } from '@slipway/core/ports'

export interface LiveSandboxes {
  /** The same port; what it opens is remembered. */
  workspaces: Workspaces
  /** For those who open a sandbox that is not the agent's. */
  plain: Workspaces
  /** The one that was opened last for this session; it may have ended since, which its methods tell. */
  of(sessionId: string): Sandbox | null
  forget(sessionId: string, sandbox: Sandbox): void
}

const MOST = 1_000

export function liveSandboxes(workspaces: Workspaces): LiveSandboxes {
  const live = new Map<string, Sandbox>()
  return {
    plain: workspaces,
    workspaces: {
      ...workspaces,
      async open(spec) {
        const opened = await workspaces.open(spec)
        if (opened.ok) {
          live.delete(spec.sessionId)
          live.set(spec.sessionId, opened.workspace.sandbox)
          const [oldest] = live.keys()
          if (live.size > MOST && oldest !== undefined) live.delete(oldest)
        }
        return opened
      },
    },
    of: (sessionId) => live.get(sessionId) ?? null,
    forget(sessionId, sandbox) {
      if (live.get(sessionId) === sandbox) live.delete(sessionId)
    },
  }
}
