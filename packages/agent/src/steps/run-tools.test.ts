import { CheckpointFailed, SandboxLost, type ModelResult, type Sandbox, type Workspaces } from '@slipway/core/ports'
import { replay } from '@slipway/core/reduce'
import { expect, test } from 'vitest'
import { drive } from '../drive.ts'
import { answerWith, memoryWorld, type World } from '../testing/memory-ports.ts'

const write = (callId: string): ModelResult => answerWith('', [callId, 'write_file', { path: 'new.txt', content: 'new' }])

/** A world whose sandboxes are changed by `change`, which is told the number of each from 1 on. */
function worldOf(answers: ModelResult[], change: (sandbox: Sandbox, number: number) => Partial<Sandbox>): World {
  const world = memoryWorld((request) => answers[request.ordinal] ?? answerWith('Done.'))
  const open: Workspaces['open'] = world.ports.workspaces.open
  let count = 0
  world.ports.workspaces.open = async (spec) => {
    const opened = await open(spec)
    if (!opened.ok) return opened
    const number = ++count
    const { sandbox } = opened.workspace
    return { ...opened, workspace: { ...opened.workspace, sandbox: { ...sandbox, id: `sandbox-${number}`, ...change(sandbox, number) } } }
  }
  return world
}

const outcomesOf = (world: World) =>
  world.events.flatMap(({ body }) => (body.type === 'tool-finished' ? [[body.callId, body.ok, body.problem]] : []))
const startsOf = (world: World) => world.events.filter(({ body }) => body.type === 'sandbox-started').length
const run = (world: World) => drive(world.lease, world.ports, new AbortController().signal)

test('a file that was written and not kept can be written again', async () => {
  const world = worldOf([write('1'), write('2')], (sandbox, number) => ({
    async checkpoint() {
      if (number === 1 && world.files.has('new.txt')) throw new SandboxLost('sandbox-1', 'it died')
      return sandbox.checkpoint()
    },
  }))
  await run(world)
  expect(outcomesOf(world)).toEqual([
    ['1', false, 'interrupted'],
    ['2', true, null],
  ])
  expect(world.files.get('new.txt')).toBe('new')
})

test('a call whose sandbox was replaced before its checkpoint is not reported as done', async () => {
  const world = worldOf([write('1'), write('2')], (sandbox, number) => ({
    async writeFile(path, bytes, options) {
      const written = await sandbox.writeFile(path, bytes, options)
      const kept = world.events.find(({ body }) => body.type === 'checkpoint-created')?.body
      if (number === 1 && kept?.type === 'checkpoint-created')
        await world.say({ type: 'checkpoint-restored', checkpoint: kept.checkpoint, treeHash: kept.treeHash, reason: 'replaced' })
      return written
    },
  }))
  await run(world)
  expect(outcomesOf(world)).toEqual([
    ['1', false, 'interrupted'],
    ['2', true, null],
  ])
  expect(world.files.get('new.txt')).toBe('new')
})

test('a checkpoint that the store knows and the log does not is kept in the log', async () => {
  const world = worldOf([write('1')], (sandbox) => ({
    checkpoint: async () => ({ ...(await sandbox.checkpoint()), changed: false }),
  }))
  await run(world)
  const trees = world.events.flatMap(({ body }) => (body.type === 'checkpoint-created' ? [body.callId] : []))
  expect(trees).toEqual([null, '1'])
})

test('a change that could not be kept is undone and told, and a person is asked to mend the machine', async () => {
  const world = worldOf([write('1'), write('2')], (sandbox, number) => ({
    async checkpoint() {
      if (number === 1 && world.files.has('new.txt')) throw new CheckpointFailed('The disk is full.')
      return sandbox.checkpoint()
    },
    close: async ({ deleteWorkspace }) => void world.outside.push(`close ${number}${deleteWorkspace ? ' and delete' : ''}`),
  }))
  await run(world)
  const { ask, parked } = replay(world.events)
  expect([ask?.question, parked?.reason]).toEqual(['The disk is full.', 'The disk is full.'])
  await world.say({ type: 'human-answered', askId: ask?.askId ?? '', decision: 'approve', text: '', effectHash: null, budgetMicros: null })
  await run(world)
  expect(outcomesOf(world)).toEqual([
    ['1', false, 'interrupted'],
    ['2', true, null],
  ])
  expect(world.outside).toEqual(['write new.txt', 'close 1 and delete', 'write new.txt', 'close 2'])
})

test('where no sandbox can be had, a person is asked once', async () => {
  const look = answerWith('', ['1', 'read_file', { path: 'src/sum.js' }], ['2', 'read_file', { path: 'src/sum.js' }])
  const world = worldOf([look], () => ({}))
  world.ports.workspaces.open = async () => ({ ok: false, kind: 'failed', message: 'The disk is full.' })
  await run(world)
  expect([replay(world.events).parked?.reason, world.events.filter(({ body }) => body.type === 'human-asked').length]).toEqual([
    'The disk is full.',
    1,
  ])
})

test('a work tree that was taken back is no place for what the model asked before it knew', async () => {
  const first: ModelResult = answerWith('', ['1', 'write_file', { path: 'new.txt', content: 'new' }], ['2', 'bash', { command: 'make' }])
  const blind = answerWith('', ['3', 'bash', { command: 'rm -r build' }], ['4', 'commit', { message: 'm' }])
  const world = worldOf([first, blind, answerWith('', ['5', 'bash', { command: 'ls' }])], (sandbox, number) => ({
    exec: number === 1 ? () => Promise.reject(new SandboxLost('sandbox-1', 'it died')) : sandbox.exec,
  }))
  const { open } = world.ports.workspaces
  const { call } = world.ports.model
  const asked = Promise.withResolvers<void>()
  world.ports.model.call = (request, hooks) => {
    if (request.ordinal === 1) asked.resolve()
    return call(request, hooks)
  }
  world.ports.workspaces.open = async (spec) => {
    if (world.files.has('new.txt')) await asked.promise
    const [earlier] = await spec.earlierCheckpoints()
    const opened = await open({ ...spec, checkpoint: earlier ?? spec.checkpoint })
    if (!opened.ok || earlier === undefined) return opened
    return { ...opened, workspace: { ...opened.workspace, takenBackTo: { checkpoint: earlier, treeHash: earlier } } }
  }
  await run(world)
  expect(outcomesOf(world)).toEqual([
    ['1', true, null],
    ['2', false, 'interrupted'],
    ['3', false, 'interrupted'],
    ['4', false, 'interrupted'],
    ['5', true, null],
  ])
  expect(world.outside).toEqual(['write new.txt', 'exec ls'])
  expect([startsOf(world), world.files.has('new.txt')]).toEqual([2, false])
})

test('calls that lost their sandbox together have one new sandbox', async () => {
  const look = answerWith('', ['1', 'read_file', { path: 'src/sum.js' }], ['2', 'read_file', { path: 'src/sum.js' }])
  const again = answerWith('', ['3', 'read_file', { path: 'src/sum.js' }])
  const world = worldOf([look, again], (sandbox, number) => ({
    readFile: number === 1 ? () => Promise.reject(new SandboxLost('sandbox-1', 'it died')) : sandbox.readFile,
  }))
  await run(world)
  expect(outcomesOf(world)).toEqual([
    ['1', false, 'interrupted'],
    ['2', false, 'interrupted'],
    ['3', true, null],
  ])
  expect(startsOf(world)).toBe(2)
})
