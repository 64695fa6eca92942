// A process that was frozen past its lease wakes up in the middle of a step, before any timer can tell it so.

import type { Forge, Ports } from '@slipway/core/ports'

/** The same ports, but a model call, a push or a change request asks `assertHeld` right before it goes out, and does not begin when that throws. */
export function guardPorts(ports: Ports, assertHeld: () => void): Ports {
  return {
    ...ports,
    model: {
      ...ports.model,
      async call(request, hooks) {
        assertHeld()
        return ports.model.call(request, hooks)
      },
    },
    forges: {
      for(repository, ownerId) {
        const found = ports.forges.for(repository, ownerId)
        return found.ok ? { ok: true, forge: guardForge(found.forge, assertHeld) } : found
      },
    },
  }
}

function guardForge(forge: Forge, assertHeld: () => void): Forge {
  return {
    ...forge,
    async push(input) {
      assertHeld()
      return forge.push(input)
    },
    async openChangeRequest(input) {
      assertHeld()
      return forge.openChangeRequest(input)
    },
    async updateChangeRequest(input) {
      assertHeld()
      return forge.updateChangeRequest(input)
    },
    async markChangeRequest(input) {
      assertHeld()
      return forge.markChangeRequest(input)
    },
  }
}
