// A process that was frozen past its lease wakes up in the middle of a step, before any timer can tell it so.

import type { AssertHeld, Forge, Ports } from '@slipway/core/ports'

/**
 * The same ports, but a model call, a push, a change request or a sandbox asks `assertHeld` before it begins and, as much has to be
 * waited for until then, right before it sends or changes anything. It does nothing when that throws.
 */
export function guardPorts(ports: Ports, assertHeld: AssertHeld): Ports {
  return {
    ...ports,
    model: {
      ...ports.model,
      async call(request, hooks) {
        assertHeld()
        return ports.model.call(request, { ...hooks, assertHeld })
      },
    },
    workspaces: {
      ...ports.workspaces,
      async open(spec) {
        assertHeld()
        return ports.workspaces.open({ ...spec, assertHeld })
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

function guardForge(forge: Forge, assertHeld: AssertHeld): Forge {
  return {
    ...forge,
    async push(input) {
      assertHeld()
      return forge.push({ ...input, assertHeld })
    },
    async openChangeRequest(input) {
      assertHeld()
      return forge.openChangeRequest({ ...input, assertHeld })
    },
    async updateChangeRequest(input) {
      assertHeld()
      return forge.updateChangeRequest({ ...input, assertHeld })
    },
    async markChangeRequest(input) {
      assertHeld()
      return forge.markChangeRequest({ ...input, assertHeld })
    },
  }
}
