import type { EventBody, EventOf } from '@slipway/core/events'
import type { Ports, Sandbox, WorkspaceSpec } from '@slipway/core/ports'
import { replay } from '@slipway/core/reduce'
import type { SessionState } from '@slipway/core/state'
import { expect, test } from 'vitest'
import type { SessionLog } from './session-log.ts'
import { created } from '@slipway/core/testing/log-builder'
import { openWorkspaceHandle } from './workspace-handle.ts'

const prepared: EventBody[] = [created, { type: 'repository-prepared', baseBranch: 'main', baseOid: 'b', branch: 'slipway/x', ms: 1 }]
const early: EventOf<'checkpoint-created'> = { type: 'checkpoint-created', checkpoint: 'early', treeHash: 'e', callId: null, ms: 1 }

/** `meanwhile`: what happens while the first checkpoint is made, where there is none in `past` yet; `during`: while the sandbox starts. */
function world(
  past: EventBody[] = [early, { ...early, checkpoint: 'late', treeHash: 'l' }],
  meanwhile: () => void = () => {},
  during: () => void = () => {},
) {
  const bodies: EventBody[] = [...prepared, ...past]
  const state = (): SessionState =>
    replay(
      bodies.map((body, index) => ({
        id: `${index}`,
        sessionId: 's',
        seq: index + 1,
        at: '2026-01-01T00:00:00.000Z',
        version: 1,
        actor: { kind: 'agent' },
        body,
      })),
    )
  const opened: (string | null)[] = []
  const closed: string[] = []
  const session = { state, record: async (more: EventBody[]) => void bodies.push(...more) } as unknown as SessionLog
  const told: string[] = []
  const workspaces = {
    async open({ checkpoint, onPhase, onOutput }: WorkspaceSpec) {
      opened.push(checkpoint)
      onPhase('starting the sandbox', 1, 'start')
      during()
      onPhase('copying the repository', 1, 'start')
      onOutput('installing')
      const id = `sandbox ${opened.length}`
      const sandbox = {
        id,
        backend: 'bubblewrap',
        async checkpoint() {
          meanwhile()
          return { checkpoint: 'first', treeHash: 'f', ms: 1 }
        },
        close: async () => void closed.push(id),
      } as unknown as Sandbox
      return { ok: true, workspace: { sandbox, setup: null, restoredFrom: checkpoint ?? '', takenBackTo: null, ms: 1 } }
    },
  }
  const handle = openWorkspaceHandle({
    session,
    ports: { workspaces } as unknown as Ports,
    signal: new AbortController().signal,
    progress: (_, text) => void told.push(text),
    onOpened() {},
  })
  return { bodies, opened, closed, told, handle }
}

test('one sandbox serves many calls', async () => {
  const { opened, handle } = world()
  const [first, second] = await Promise.all([handle.sandbox(), handle.sandbox()])
  expect([first === second, opened]).toEqual([true, ['late']])
})

test('a roll-back that arrives while the sandbox is open ends it; the next call finds the earlier tree', async () => {
  const { bodies, opened, closed, handle } = world()
  await handle.sandbox()
  bodies.push({ type: 'checkpoint-restored', checkpoint: 'early', treeHash: 'e', reason: '' })
  const [first, second] = await Promise.all([handle.sandbox(), handle.sandbox()])
  expect([first.id, first === second, opened, closed]).toEqual(['sandbox 2', true, ['late', 'early'], ['sandbox 1']])
})

test('a session that ends while its first checkpoint is made hears nothing of that sandbox, and has another one when it goes on', async () => {
  const over: EventBody = { type: 'session-finished', outcome: 'stopped', summary: 'Enough.' }
  const { bodies, closed, handle } = world([], () => bodies.length === prepared.length && bodies.push(over))
  await expect(handle.sandbox()).rejects.toThrow('came to rest')
  expect([bodies.slice(prepared.length), closed]).toEqual([[over], ['sandbox 1']])
  bodies.push({ type: 'user-message', text: 'Go on.', mode: 'steer' })
  expect((await handle.sandbox()).id).toBe('sandbox 2')
  expect(bodies.slice(prepared.length + 2).map(({ type }) => type)).toEqual(['sandbox-started', 'checkpoint-created'])
})

test('a driver that is put down while the first checkpoint is made leaves no trace of that sandbox', async () => {
  let put: Promise<void> = Promise.resolve()
  const { bodies, closed, handle } = world([], () => {
    put = handle.close()
  })
  await expect(handle.sandbox()).rejects.toThrow('came to rest')
  await put
  expect([bodies.length, closed]).toEqual([prepared.length, ['sandbox 1']])
})

const asked: EventBody = {
  type: 'human-asked',
  askId: 'a',
  kind: 'plan',
  question: 'Is this plan good to go ahead with?',
  options: [],
  callId: null,
  effect: null,
  expiresAt: null,
}

test.each<[string, EventBody | 'put down' | null, string[]]>([
  ['goes on is told', null, ['starting the sandbox', 'copying the repository', 'installing']],
  ['waits for a person is told no more', asked, ['starting the sandbox']],
  ['is over is told no more', { type: 'session-finished', outcome: 'stopped', summary: 'Enough.' }, ['starting the sandbox']],
  ['is put down by its driver is told no more', 'put down', ['starting the sandbox']],
])('what a start does while the session %s', async (_, event, words) => {
  let put: Promise<void> = Promise.resolve()
  const { bodies, told, handle } = world(undefined, undefined, () => {
    if (event === 'put down') put = handle.close()
    else if (event !== null) bodies.push(event)
  })
  await handle.sandbox().catch(() => undefined)
  await put
  expect(told).toEqual(words)
})
