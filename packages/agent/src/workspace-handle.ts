// The session's sandbox, opened once when it is first needed and thrown away when it is lost.

import { CheckpointFailed, SandboxLost, type Ports, type Sandbox, type Workspace } from '@slipway/core/ports'
import type { EventBody } from '@slipway/core/events'
import { keptTrees } from '@slipway/core/work-tree/kept-trees'
import { takenBackBodies } from '@slipway/core/work-tree/taken-back'
import type { SessionLog } from './session-log.ts'

export interface WorkspaceHandle {
  /** Begins to open it without waiting, so that thinking and booting overlap. */
  warmUp(): void
  /** The running sandbox; throws WorkspaceUnavailable when none can be had. */
  sandbox(): Promise<Sandbox>
  /** Whether this is the sandbox that a call would be given now: neither forgotten nor out of date. */
  isOpen(sandbox: Sandbox): boolean
  /** Forgets the sandbox with this id, which died; the next call opens another from the last checkpoint. */
  forget(sandboxId: string): void
  /** Ends the sandbox and deletes its work tree, which is not what the log says; the next call opens another from the last checkpoint. */
  discard(sandbox: Sandbox): Promise<void>
  /** Also ends a start that is under way; it leaves no trace in the log. */
  close(): Promise<void>
}

/** No sandbox can be had on this machine or for this repository; the message says why and what to do. */
export class WorkspaceUnavailable extends Error {
  readonly code = 'workspace-unavailable'
  constructor(message: string) {
    super(message)
    this.name = 'WorkspaceUnavailable'
  }
}

interface Needs {
  session: SessionLog
  ports: Ports
  signal: AbortSignal
  progress(phase: string, text: string, deadlineMs: number | null): void
  /** Called when a sandbox is ready and what it was restored from is in the log. */
  onOpened(): void
}

/** What the set-up printed last, for whoever watches; its whole output is kept with its outcome. */
const shownSetupOutput = 2_000

/** A handle on the workspace of the session. Facts about its start are appended as they become known. */
export function openWorkspaceHandle({ session, ports, signal, progress, onOpened }: Needs): WorkspaceHandle {
  let opening: Promise<Workspace> | null = null
  let current: Sandbox | null = null
  /** What the sandbox that is open, or opening, knows of. */
  let restoredAtSeq: number | null = null
  const closing = new AbortController()

  const history = () => ports.log.read({ sessionId: session.state().sessionId, after: 0 })

  /** Once the session waits for a person, or is over, nobody waits for this start any more: no event would ever end that wait. */
  const tell: Needs['progress'] = (phase, text, deadlineMs) => {
    const { finished, ask } = session.state()
    if (!closing.signal.aborted && finished === null && ask === null) progress(phase, text, deadlineMs)
  }

  const open = async (): Promise<Workspace> => {
    const state = session.state()
    if (!state.repository) throw new WorkspaceUnavailable('The repository is not prepared yet.')
    let printed = ''
    const opened = await ports.workspaces.open({
      repository: state.repositoryRef,
      sessionId: state.sessionId,
      backend: state.sandboxBackend,
      baseBranch: state.repository.baseBranch,
      baseOid: state.repository.baseOid,
      branch: state.repository.branch,
      workOid: state.work.commit?.oid ?? null,
      checkpoint: state.checkpoint?.id ?? null,
      earlierCheckpoints: async () =>
        keptTrees(await history()).flatMap(({ checkpoint }) => (checkpoint === state.checkpoint?.id ? [] : [checkpoint])),
      signal: AbortSignal.any([signal, closing.signal]),
      onEgress: (decision) => void session.record([{ type: 'egress-decided', ...decision }]).catch(() => undefined),
      onPhase: (text, deadlineMs, part) => tell(part === 'setup' ? 'setup' : 'workspace', text, deadlineMs),
      onOutput(text) {
        printed = (printed + text).slice(-shownSetupOutput)
        tell('setup', printed, null)
      },
    })
    if (!opened.ok) throw new WorkspaceUnavailable(opened.message)
    await endUnneeded(opened.workspace)
    const { takenBackTo } = opened.workspace
    const loss = takenBackTo === null ? [] : takenBackBodies(await history(), takenBackTo)
    const facts = await startFacts(opened.workspace, state.checkpoint === null).catch(async (error: unknown) => {
      await opened.workspace.sandbox.close({ deleteWorkspace: error instanceof CheckpointFailed }).catch(ignoreLost)
      throw error instanceof CheckpointFailed ? new WorkspaceUnavailable(error.message) : error
    })
    // The session may have ended while the first checkpoint was made.
    await endUnneeded(opened.workspace)
    await session.record([...facts, ...loss])
    // That is what this sandbox starts from; only somebody else's word would make it out of date.
    const { checkpoint, restoredAtSeq: newest } = session.state()
    if (takenBackTo !== null && checkpoint?.id === takenBackTo.checkpoint) restoredAtSeq = newest
    onOpened()
    return opened.workspace
  }

  /** A session that is over, or put down by this driver, hears nothing of a sandbox that it began to start. */
  const endUnneeded = async ({ sandbox }: Workspace): Promise<void> => {
    if (!closing.signal.aborted && session.state().finished === null) return
    await sandbox.close({ deleteWorkspace: false })
    throw new WorkspaceUnavailable('The session came to rest before its sandbox was ready.')
  }

  /** Ends a sandbox whose work tree a person has taken back since; the next one starts from there. */
  const dropStale = async (stale: Promise<Workspace>): Promise<void> => {
    const workspace = await stale.catch(() => null)
    await workspace?.sandbox.close({ deleteWorkspace: false }).catch(ignoreLost)
  }

  const ensure = (): Promise<Workspace> => {
    const stale = current !== null && isStale() ? opening : null
    if (stale !== null) release()
    restoredAtSeq = session.state().restoredAtSeq
    opening ??= begin(stale)
    return opening
  }

  const begin = (stale: Promise<Workspace> | null): Promise<Workspace> => {
    const mine = (stale === null ? open() : dropStale(stale).then(open)).then(
      (workspace) => {
        if (opening === mine) current = workspace.sandbox
        return workspace
      },
      (error: unknown) => {
        if (opening === mine) release()
        throw error
      },
    )
    return mine
  }

  const isStale = (): boolean => restoredAtSeq !== session.state().restoredAtSeq
  const release = (): void => {
    opening = null
    current = null
  }

  return {
    warmUp: () => void ensure().catch(() => undefined),
    sandbox: async () => (await ensure()).sandbox,
    isOpen: (sandbox) => current === sandbox && !isStale(),
    // Calls that ran side by side find the same death; the second one must not end what the next call was given.
    forget(sandboxId) {
      const lost = current
      if (lost?.id !== sandboxId) return
      release()
      void lost.close({ deleteWorkspace: false }).catch(() => undefined)
    },
    async discard(sandbox) {
      if (current === sandbox) release()
      await sandbox.close({ deleteWorkspace: true }).catch(ignoreLost)
    },
    async close() {
      closing.abort()
      const workspace = await opening?.catch(() => null)
      release()
      await workspace?.sandbox.close({ deleteWorkspace: false }).catch(ignoreLost)
    },
  }
}

/** The first checkpoint is the tree after set-up: what the agent has not touched yet. */
async function startFacts(workspace: Workspace, isFirst: boolean): Promise<EventBody[]> {
  const { sandbox, setup, restoredFrom, ms } = workspace
  const facts: EventBody[] = [{ type: 'sandbox-started', backend: sandbox.backend, sandboxId: sandbox.id, restoredFrom, ms }]
  if (setup) facts.push({ type: 'setup-finished', ...setup })
  if (!isFirst) return facts
  const { checkpoint, treeHash, ms: checkpointMs } = await sandbox.checkpoint()
  facts.push({ type: 'checkpoint-created', checkpoint, treeHash, callId: null, ms: checkpointMs })
  return facts
}

function ignoreLost(error: unknown): void {
  if (!(error instanceof SandboxLost)) throw error
}
