import type { SandboxSpec, WorkspaceSpec } from '@slipway/core/ports'
import { expect, test } from 'vitest'
import { openWorkspaces, type WorkspaceNeeds } from './open-workspaces.ts'

test('a sandbox is started with the question whether the lease is still held', async () => {
  let started: SandboxSpec | null = null
  const sandboxes: Partial<WorkspaceNeeds['sandboxes']> = {
    async create(_backend, spec) {
      started = spec
      return { ok: false, kind: 'failed', message: 'not today' }
    },
  }
  const needs = { home: '/nonexistent', sandboxes, ids: { next: () => '1' }, limits: {}, egress: {} } as WorkspaceNeeds
  const assertHeld = (): void => undefined
  const spec = { sessionId: 's1', backend: null, assertHeld, onPhase: () => undefined } as Partial<WorkspaceSpec> as WorkspaceSpec
  expect(await openWorkspaces(needs).open(spec)).toMatchObject({ ok: false, message: 'not today' })
  expect(started).toMatchObject({ assertHeld })
})
