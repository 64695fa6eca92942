import { SandboxLost, type ModelResult, type Sandbox, type Workspaces } from '@slipway/core/ports'
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
