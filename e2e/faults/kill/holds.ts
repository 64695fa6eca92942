// Places at which sessions stand still in a worker until it was frozen and woken: one freeze hits each of them at its own place.

import type { Forge, Ports, Sandbox } from '@slipway/core/ports'
import type { HoldPlace } from './worker-messages.ts'

export interface Holds {
  /** Stands still here when the place is wanted and free, and this session stands nowhere yet. */
  pass(sessionId: string, place: HoldPlace): Promise<void>
  /** This session takes no place. */
  exempt(sessionId: string): void
  /** All of them go on, in the order in which they came. */
  release(): void
}

/** `onHold` is called for each place that is taken. */
export function openHolds(places: readonly HoldPlace[], onHold: (place: HoldPlace) => void): Holds {
  const free = new Set(places)
  /** Each of these is at its place, or gets none. */
  const placed = new Set<string>()
  const gate = Promise.withResolvers<void>()
  return {
    async pass(sessionId, place) {
      if (placed.has(sessionId) || !free.delete(place)) return
      placed.add(sessionId)
      onHold(place)
      await gate.promise
    },
    exempt: (sessionId) => void placed.add(sessionId),
    release: () => gate.resolve(),
  }
}

/** The same ports with a place right before each call that has an effect. The worker's own checks lie before it and behind it. */
export function holdCalls(ports: Ports, holds: Holds): Ports {
  const holdForge = (forge: Forge): Forge => ({
    ...forge,
    async push(input) {
      await holds.pass(input.sessionId, 'at push')
      return forge.push(input)
    },
    async openChangeRequest(input) {
      // A branch of ours has its session in its name.
      await holds.pass(/^slipway\/(\w+)-/.exec(input.branch)?.[1] ?? input.branch, 'at change-request')
      return forge.openChangeRequest(input)
    },
  })
  /** The first checkpoint belongs to the start of the sandbox, and is none of a call's. */
  const holdSandbox = (sandbox: Sandbox, sessionId: string): Sandbox => {
    let isFirst = true
    return {
      ...sandbox,
      async checkpoint() {
        if (!isFirst) await holds.pass(sessionId, 'at checkpoint')
        isFirst = false
        return sandbox.checkpoint()
      },
    }
  }
  return {
    ...ports,
    model: {
      ...ports.model,
      async call(request, hooks) {
        await holds.pass(request.sessionId, 'at model')
        return ports.model.call(request, hooks)
      },
    },
    workspaces: {
      ...ports.workspaces,
      async open(spec) {
        await holds.pass(spec.sessionId, 'at workspace')
        const opened = await ports.workspaces.open(spec)
        if (!opened.ok) return opened
        const { workspace } = opened
        return { ok: true, workspace: { ...workspace, sandbox: holdSandbox(workspace.sandbox, spec.sessionId) } }
      },
    },
    forges: {
      for(repository, ownerId) {
        const found = ports.forges.for(repository, ownerId)
        return found.ok ? { ok: true, forge: holdForge(found.forge) } : found
      },
    },
  }
}
