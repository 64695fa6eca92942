// A stop reaches the provider within a second, whatever the call is doing; measured where the socket ends, in time in which the
// machine let the test run at all.

import { describe, expect, test } from 'vitest'
import type { DoubleReply, ModelApi } from '../doubles/models/brain.ts'
import { APIS, openStage, type Stage } from './play-session.ts'

const limitMs = 1_000
/** A machine that stands still is seen as a tick that comes late; of that no more than this counts. */
const longestTickMs = 50

/** Begins to count; the function that is returned tells how many milliseconds it has been. */
function countMs(): () => number {
  let countedMs = 0
  let tickedAt = performance.now()
  const tick = (): void => {
    const now = performance.now()
    countedMs += Math.min(now - tickedAt, longestTickMs)
    tickedAt = now
  }
  const timer = setInterval(tick, 5)
  return () => {
    clearInterval(timer)
    tick()
    return countedMs
  }
}

const command = { command: 'echo this command is long enough to come in several pieces' }

interface Phase {
  name: string
  reply: DoubleReply
  /** The call has come so far. */
  isReached(stage: Stage): boolean
}

const asked = (stage: Stage): boolean => stage.double.requests.length > 0
const shown =
  (channel: string) =>
  (stage: Stage): boolean =>
    stage.world.messages.some((message) => message.kind === 'delta' && message.delta.channel === channel)

/** Google and Ollama send a call in one piece: the stream then stands still after it. */
function argumentsPhase(api: ModelApi): Phase {
  const isWhole = api === 'google' || api === 'ollama'
  return {
    name: 'in the arguments of a call',
    reply: { toolCalls: [{ name: 'bash', input: command }], fault: { stallAfter: isWhole ? JSON.stringify(command).length : 24 } },
    isReached: api === 'ollama' ? asked : shown('tool-input'),
  }
}

const phases: Phase[] = [
  { name: 'before the head of the answer', reply: { fault: { stall: true } }, isReached: asked },
  { name: 'before the first piece', reply: { text: 'never', fault: { stallAfter: 0 } }, isReached: asked },
  { name: 'in a thought', reply: { reasoning: 'I think about it. '.repeat(10), fault: { stallAfter: 60 } }, isReached: shown('reasoning') },
  { name: 'in text', reply: { text: 'I tell what I found. '.repeat(10), fault: { stallAfter: 60 } }, isReached: shown('text') },
  { name: 'in text that keeps coming', reply: { text: 'word by word '.repeat(2_000), paceMs: 3 }, isReached: shown('text') },
]

describe.each(APIS)('a stop at %s', (api) => {
  test.each([...phases, argumentsPhase(api)])('$name closes the socket within a second', async ({ reply, isReached }) => {
    const stage = await openStage(api, () => reply)
    const driving = stage.drive()
    await expect.poll(() => isReached(stage), { interval: 5 }).toBe(true)
    const tookMs = countMs()
    const closedAfterMs = stage.double.nextSocketClosed().then(tookMs)
    await stage.world.say({ type: 'stop-requested', reason: 'enough' })
    expect(await closedAfterMs).toBeLessThan(limitMs)
    await driving
    expect(stage.state().finished).toEqual({ outcome: 'stopped', summary: 'enough' })
    expect(stage.bodies('model-failed')).toMatchObject([{ kind: 'stopped', retryAt: null }])
    expect(stage.double.requests).toHaveLength(1)
    const { partialText } = stage.bodies('model-failed')[0] ?? {}
    expect(partialText === undefined).toBe(reply.text === undefined || reply.fault?.stallAfter === 0)
    if (partialText !== undefined) expect(reply.text?.startsWith(partialText.replace('…', ''))).toBe(true)
    await stage.close()
  })

  test('in a back-off ends the session within a second, and nothing more is asked', async () => {
    const stage = await openStage(api, () => ({ fault: { status: 503 } }))
    stage.clock.stop()
    const driving = stage.drive()
    await expect.poll(() => isWaiting(stage), { interval: 5 }).toBe(true)
    const tookMs = countMs()
    await stage.world.say({ type: 'stop-requested', reason: 'enough' })
    await driving
    expect(tookMs()).toBeLessThan(limitMs)
    expect(stage.state().finished).toEqual({ outcome: 'stopped', summary: 'enough' })
    expect(stage.double.requests).toHaveLength(1)
    await stage.close()
  })
})

const isWaiting = ({ world }: Stage): boolean =>
  world.messages.some((message) => message.kind === 'progress' && message.progress.phase === 'back-off')
