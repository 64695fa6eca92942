// Remembers which sandbox the agent works in now, for those who look into it from beside the drive.

import type { Sandbox, Workspaces } from '@slipway/core/ports'

export interface LiveSandboxes {
  /** The same port; what it opens is remembered. */
  workspaces: Workspaces
  /** For those who open a sandbox that is not the agent's. */
  plain: Workspaces
  /** The one that was opened last for this session and not closed; it may have died since, which its methods tell. */
  of(sessionId: string): Sandbox | null
  forget(sessionId: string, sandbox: Sandbox): void
}

export function liveSandboxes(workspaces: Workspaces): LiveSandboxes {
  const live = new Map<string, Sandbox>()
  const forget = (sessionId: string, sandbox: Sandbox): void => {
    if (live.get(sessionId) === sandbox) live.delete(sessionId)
  }
  /** The same, forgotten as soon as it is closed: an ended one holds its process and its sockets. */
  function remember(sessionId: string, opened: Sandbox): Sandbox {
    const sandbox: Sandbox = {
      ...opened,
      close(options) {
        forget(sessionId, sandbox)
        return opened.close(options)
      },
    }
    live.set(sessionId, sandbox)
    return sandbox
  }
  return {
    plain: workspaces,
    workspaces: {
      ...workspaces,
      async open(spec) {
        const opened = await workspaces.open(spec)
        if (!opened.ok) return opened
        return { ok: true, workspace: { ...opened.workspace, sandbox: remember(spec.sessionId, opened.workspace.sandbox) } }
      },
    },
    of: (sessionId) => live.get(sessionId) ?? null,
    forget,
  }
}
