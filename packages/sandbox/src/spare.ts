// Keeps one sandbox up and unused, so that the next new session finds one that is ready. Nothing but our runner has run in it.

import type { Sandbox, SandboxLimits, SandboxSpec } from '@slipway/core/ports'
import type { Assembled } from './assemble.ts'

/** The session that was just begun comes first. */
const PAUSE_MS = 500

export interface Spare {
  /** The spare sandbox as that of `spec`, when there is one and it fits: same limits, and a workspace that is new. */
  take(spec: SandboxSpec): Sandbox | null
  /** Begins another one a little later, unless there is one. */
  prepare(limits: SandboxLimits): void
  isSpare(workspace: string): boolean
  /** Resolves when the one that is being prepared is up, or has failed. */
  settled(): Promise<void>
  close(): Promise<void>
}

export interface SpareInput {
  /** `onGone` is called when the sandbox has ended, for whatever reason. */
  assemble(spec: SandboxSpec, onGone: () => void): Promise<Assembled>
  /** False when the new name is taken, or the old one is gone. */
  rename(from: string, to: string): boolean
  remove(workspace: string): Promise<void>
}

export function keepSpare({ assemble, rename, remove }: SpareInput): Spare {
  let ready: { assembled: Assembled; workspace: string; limits: SandboxLimits } | null = null
  let preparing: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let waiting = Promise.withResolvers<void>()
  waiting.resolve()
  let made = 0
  const names = new Set<string>()

  async function make(limits: SandboxLimits): Promise<void> {
    made += 1
    const workspace = `spare-${process.pid}-${made}`
    names.add(workspace)
    const spec: SandboxSpec = {
      sandboxId: workspace,
      sessionId: workspace,
      workspace,
      limits,
      egress: { allow: [], uploadLimitBytes: 0 },
      phase: 'agent',
      onEgress: () => undefined,
    }
    try {
      const assembled = await assemble(spec, () => {
        if (ready?.assembled !== assembled) return
        ready = null
        void forget(workspace)
      })
      ready = { assembled, workspace, limits }
    } catch {
      // The next session starts its own, and hears why that does not work.
      await forget(workspace)
    }
  }

  async function forget(workspace: string): Promise<void> {
    await remove(workspace).catch(() => undefined)
    names.delete(workspace)
  }

  async function discard({ assembled, workspace }: NonNullable<typeof ready>): Promise<void> {
    await assembled.sandbox.close({ deleteWorkspace: false }).catch(() => undefined)
    await forget(workspace)
  }

  return {
    take(spec) {
      const spare = ready
      if (spare === null || !hasSameLimits(spare.limits, spec.limits)) return null
      if (!rename(spare.workspace, spec.workspace)) return null
      ready = null
      names.delete(spare.workspace)
      spare.assembled.become(spec)
      return spare.assembled.sandbox
    },
    prepare(limits) {
      if (timer !== undefined || preparing !== null) return
      waiting = Promise.withResolvers()
      const { resolve: settle } = waiting
      timer = setTimeout(() => {
        timer = undefined
        const outdated = ready
        if (outdated !== null && hasSameLimits(outdated.limits, limits) && names.has(outdated.workspace)) return settle()
        ready = null
        preparing = (async () => {
          if (outdated !== null) await discard(outdated)
          await make(limits)
        })().finally(() => {
          preparing = null
          settle()
        })
      }, PAUSE_MS)
      timer.unref()
    },
    isSpare: (workspace) => names.has(workspace),
    settled: () => waiting.promise,
    async close() {
      clearTimeout(timer)
      await preparing
      if (ready !== null) await discard(ready)
      ready = null
    },
  }
}

function hasSameLimits(a: SandboxLimits, b: SandboxLimits): boolean {
  return a.memoryBytes === b.memoryBytes && a.processes === b.processes && a.cpus === b.cpus && a.diskBytes === b.diskBytes
}
