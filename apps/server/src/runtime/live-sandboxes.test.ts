import type { Sandbox, Workspace, Workspaces, WorkspaceSpec } from '@slipway/core/ports'
import { expect, test } from 'vitest'
import { liveSandboxes } from './live-sandboxes.ts'

const spec = { sessionId: 's1' } as WorkspaceSpec

/** Opens what has nothing but a name and an end. */
function workspaces(closed: string[]): Workspaces {
  let count = 0
  return {
    async open() {
      const id = `sandbox-${(count += 1)}`
      const sandbox = { id, close: async () => void closed.push(id) } as Partial<Sandbox> as Sandbox
      return { ok: true, workspace: { sandbox } as Workspace }
    },
  } as Partial<Workspaces> as Workspaces
}

test('a sandbox is remembered until it is closed, and its successor beyond that', async () => {
  const closed: string[] = []
  const live = liveSandboxes(workspaces(closed))
  const [first, second] = [await live.workspaces.open(spec), await live.workspaces.open(spec)]
  if (!first.ok || !second.ok) throw new Error('nothing was opened')
  expect(live.of('s1')).toBe(second.workspace.sandbox)
  await first.workspace.sandbox.close({ deleteWorkspace: false })
  expect(live.of('s1')?.id).toBe('sandbox-2')
  await second.workspace.sandbox.close({ deleteWorkspace: false })
  expect([live.of('s1'), closed]).toEqual([null, ['sandbox-1', 'sandbox-2']])
})
