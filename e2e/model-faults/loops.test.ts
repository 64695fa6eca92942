// A model that goes in circles is told once, then the session parks, and a person can let it go on.

import type { Sandbox, SandboxProcess } from '@slipway/core/ports'
import { expect, test } from 'vitest'
import type { Brain, DoubleReply, DoubleRequest } from '../doubles/models/brain.ts'
import { APIS, openStage, type Stage } from './play-session.ts'

const run = (command: string): DoubleReply => ({ toolCalls: [{ name: 'bash', input: { command } }] })
const done: DoubleReply = { text: 'Done.' }

/** Goes round and round, until a person has said something. */
function circling(length: number): Brain {
  let step = 0
  return (request) => (saw(request, 'A person says to go on') ? done : run(`look ${step++ % length}`))
}

const saw = (request: DoubleRequest | undefined, words: string): boolean => request?.rawBody.includes(words) ?? false

const cases = [...APIS.map((api) => ({ api, length: 1 })), ...[2, 3, 4, 5].map((length) => ({ api: APIS[0] ?? 'anthropic', length }))]

test.each(cases)('a cycle of $length at $api is pointed out once, then parked, and a person can go on', async ({ api, length }) => {
  const stage = await openStage(api, circling(length))
  await stage.drive()
  expect(stage.bodies('guard-tripped').map(({ guard, action }) => [guard, action])).toEqual([
    ['loop', 'nudge'],
    ['loop', 'park'],
  ])
  expect(stage.double.requests).toHaveLength(2 * 3 * length)
  const told = stage.double.requests.map((request) => saw(request, 'Repeating it will not change the result'))
  expect(told.indexOf(true)).toBe(3 * length)
  expect(stage.state().parked?.reason).toMatch(
    length === 1
      ? /^The same call with the same outcome happened 3 times, after/
      : new RegExp(`^A cycle of ${length} calls with the same outcome`),
  )

  const askId = stage.state().ask?.askId ?? ''
  await stage.world.say({ type: 'human-answered', askId, decision: 'approve', text: '', effectHash: null, budgetMicros: null })
  await stage.drive()
  expect(saw(stage.double.requests.at(-1), 'The session was paused')).toBe(true)
  expect(stage.state().finished?.summary).toBe('Done.')
  await stage.close()
})

test('a message after parking also lets it go on', async () => {
  const stage = await openStage('anthropic', ({ lastUserText, index }) =>
    lastUserText.includes('with fewer steps') ? done : index < 99 ? run('look') : done,
  )
  await stage.drive()
  expect(stage.state().parked?.guard).toBe('loop')
  await stage.world.say({ type: 'user-message', text: 'Try it with fewer steps.', mode: 'steer' })
  await stage.drive()
  expect(stage.state().finished?.summary).toBe('Done.')
  await stage.close()
})

test('parallel calls that repeat from answer to answer are a cycle too', async () => {
  const both = { toolCalls: ['a', 'b'].map((command) => ({ name: 'bash', input: { command } })) }
  const stage = await openStage('openai-responses', () => both)
  await stage.drive()
  expect(stage.bodies('guard-tripped').map(({ action }) => action)).toEqual(['nudge', 'park'])
  expect(stage.double.requests).toHaveLength(6)
  await stage.close()
})

test.each(APIS)('asking %s’s long command how it is doing is no loop', async (api) => {
  const polls = 12
  let end: (() => void) | null = null
  const brain: Brain = ({ assistantTurns }) => {
    if (assistantTurns === 0) return { toolCalls: [{ name: 'bash', input: { command: 'make world', background: true } }] }
    if (assistantTurns === polls) end?.()
    return assistantTurns <= polls ? { toolCalls: [{ name: 'bash_output', input: { id: 'bg1' } }] } : done
  }
  const stage = await openStage(api, brain)
  withLongCommand(stage, (finish) => (end = finish))
  await stage.drive()
  expect(stage.bodies('guard-tripped')).toEqual([])
  expect(stage.bodies('tool-finished').filter(({ facts }) => facts['running'] === true).length).toBeGreaterThanOrEqual(polls - 1)
  expect(stage.double.requests).toHaveLength(polls + 2)
  await stage.close()
})

/** Gives the sandbox a command that prints nothing and runs until `started`'s function is called. */
function withLongCommand({ world }: Stage, started: (end: () => void) => void): void {
  const { open } = world.ports.workspaces
  world.ports.workspaces.open = async (input) => {
    const opened = await open(input)
    if (!opened.ok) return opened
    const start: Sandbox['start'] = async () => {
      const exited = new Promise<Awaited<SandboxProcess['exited']>>((resolve) =>
        started(() => resolve({ exitCode: 0, killed: null, ms: 1 })),
      )
      return { write: async () => undefined, endInput: async () => undefined, kill: async () => undefined, exited }
    }
    return { ...opened, workspace: { ...opened.workspace, sandbox: { ...opened.workspace.sandbox, start } } }
  }
}
