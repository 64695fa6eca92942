// A model that calls tools at random for thirty steps: the session goes on to its end or asks a person, and its log can be read again.

import { setTimeout as delay } from 'node:timers/promises'
import { drive } from '@slipway/agent/drive'
import { toToolCall } from '@slipway/agent/model/to-tool-call'
import { answerWith, memoryWorld, type World } from '@slipway/agent/testing/memory-ports'
import { toolDefinitions } from '@slipway/agent/tools/definitions'
import type { AssistantPart } from '@slipway/core/events'
import type { ModelResult } from '@slipway/core/ports'
import { buildPrompt } from '@slipway/core/prompt/build-prompt'
import { replay } from '@slipway/core/reduce'
import { storableJson } from '@slipway/store/storable-text'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deadlineMs } from '../effort.ts'
import { fuzz, within } from './fuzz.ts'
import { openFuzzSandbox, type FuzzSandbox } from './fuzz-sandbox.ts'
import { toolCalls, type ToolInput } from './tool-calls.ts'

let bench: FuzzSandbox
beforeAll(async () => {
  bench = await openFuzzSandbox()
})
afterAll(() => bench.close())

const steps = 30
const driveMs = 120_000
const maxOutputBytes = 33 * 1024
const maxPauses = 40

/** What each answer asks for; the last answers only speak, so that the session ends. */
const answers = fc.array(fc.array(toolCalls(), { minLength: 1, maxLength: 3 }), { minLength: steps, maxLength: steps })

test('random tool calls neither break the loop nor its log', { timeout: deadlineMs({ short: 90_000, long: 40 * 60_000 }) }, async () => {
  await fuzz({ name: 'drive', short: 3, long: 150, shortMs: 6_000 }, answers, async (given) => {
    const world = worldWith(given)
    await within(driveMs, 'a session of thirty steps', driveToTheEnd(world))
    const state = replay(world.events)
    expect(state.batch).toEqual([])
    expect(buildPrompt(state, 'scripted/test').messages.length).toBeGreaterThan(1)
    expect(openCalls(world)).toEqual([])
    for (const { body } of world.events)
      if (body.type === 'tool-finished') expect(Buffer.byteLength(body.output)).toBeLessThanOrEqual(maxOutputBytes)
  })
})

function worldWith(given: ToolInput[][]): World {
  const world = memoryWorld((request) => {
    JSON.stringify(request.messages)
    return answerOf(given[request.ordinal], request.callId)
  })
  const { append } = world.ports.log
  // As the real log does it: what cannot be stored is left out, and what cannot be written throws.
  world.ports.log.append = (input) =>
    append({ ...input, events: input.events.map((event) => ({ ...event, body: storableJson(event.body).value })) })
  const { clock } = world.ports
  world.ports.clock = {
    now: clock.now,
    sleep: (ms, signal) => delay(Math.min(ms, 20), undefined, signal ? { signal } : {}).catch(() => undefined),
  }
  world.ports.workspaces.open = async () => ({
    ok: true,
    workspace: { sandbox: { ...bench.sandbox, close: async () => undefined }, setup: null, restoredFrom: 'base', takenBackTo: null, ms: 1 },
  })
  return world
}

function answerOf(calls: ToolInput[] | undefined, requestId: string): ModelResult {
  if (calls === undefined) return answerWith('That is all.')
  const tools = [...toolDefinitions]
  const content = calls.map(
    ({ tool, input }, index): AssistantPart =>
      toToolCall(
        { toolName: tool, input: 'command' in input ? { ...input, timeout_s: 1 } : input },
        { callId: `${requestId}-${index}`, tools },
      ),
  )
  return { ...answerWith('Next.'), finish: 'tool-calls', content } as ModelResult
}

/** A person who lets everything go on. */
async function driveToTheEnd(world: World): Promise<void> {
  for (let pause = 0; pause < maxPauses; pause++) {
    await drive(world.lease, world.ports, new AbortController().signal)
    const { ask, finished } = replay(world.events)
    if (ask === null) return expect(finished).not.toBeNull()
    await world.say({
      type: 'human-answered',
      askId: ask.askId,
      decision: ask.kind === 'question' ? 'answer' : 'approve',
      text: 'Go on.',
      effectHash: ask.effect?.hash ?? null,
      budgetMicros: null,
    })
  }
  throw new Error(`the session paused more than ${maxPauses} times`)
}

/** Calls of the conversation, not of its helpers, that have no outcome or several. */
function openCalls(world: World): string[] {
  const bodies = world.events.map(({ body }) => body)
  const finished = new Map<string, number>()
  for (const body of bodies) if (body.type === 'tool-finished') finished.set(body.callId, (finished.get(body.callId) ?? 0) + 1)
  const own = new Set(bodies.flatMap((body) => (body.type === 'model-requested' && body.forCallId === null ? [body.callId] : [])))
  const asked = bodies.flatMap((body) =>
    body.type === 'model-responded' && own.has(body.callId)
      ? body.content.flatMap((part) => (part.type === 'tool-call' ? [part.callId] : []))
      : [],
  )
  return asked.filter((callId) => finished.get(callId) !== 1)
}
