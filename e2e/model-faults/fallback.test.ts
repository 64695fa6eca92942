// Another model takes over after three failures; five in all and a person is asked; the time of the next attempt outlives a worker.

import { describe, expect, test } from 'vitest'
import type { DoubleFault, ModelApi } from '../doubles/models/brain.ts'
import { APIS, openStage, type Stage } from './play-session.ts'

const broken = (fault: DoubleFault) => () => ({ fault })
const others = APIS.map((api, index): [ModelApi, ModelApi] => [api, APIS[(index + 1) % APIS.length] ?? api])

describe.each(others)('%s with a fallback to %s', (api, other) => {
  test('the fallback takes over after three failures and brings the session to its end', async () => {
    const stage = await openStage(api, broken({ status: 503 }), { fallback: { api: other, brain: () => ({ text: 'Done.' }) } })
    await stage.drive()
    expect(stage.state().finished?.summary).toBe('Done.')
    expect(modelsAsked(stage)).toEqual([stage.model, stage.model, stage.model, stage.fallback])
    expect(stage.bodies('model-failed').map(({ fallback }) => fallback)).toEqual([null, null, stage.fallback])
    await stage.close()
  })

  test('when both fail, the session parks after five attempts and names the last model', async () => {
    const stage = await openStage(api, broken({ status: 503 }), { fallback: { api: other, brain: broken({ status: 500 }) } })
    await stage.drive()
    expect([stage.double.requests.length, stage.fallbackDouble?.requests.length]).toEqual([3, 2])
    expect(stage.state().parked?.reason).toContain(`${stage.fallback} failed on its side`)
    expect(stage.state().ask?.kind).toBe('continue')
    await stage.close()
  })

  test('a wish for an hour’s pause hands over at once', async () => {
    const stage = await openStage(api, broken({ status: 429, retryAfterSeconds: 3600 }), {
      fallback: { api: other, brain: () => ({ text: 'Done.' }) },
    })
    await stage.drive()
    expect(modelsAsked(stage)).toEqual([stage.model, stage.fallback])
    expect(stage.state().finished?.summary).toBe('Done.')
    await stage.close()
  })
})

test.each(APIS)('at %s, the time of the next attempt and the count of attempts outlive a worker', async (api) => {
  const stage = await openStage(api, ({ index }) => (index === 0 ? { fault: { status: 429, retryAfterSeconds: 40 } } : { text: 'Done.' }))
  stage.clock.stop()
  const death = new AbortController()
  const first = stage.drive(death.signal)
  await expect.poll(() => backOffs(stage), { interval: 5 }).toBe(1)
  death.abort()
  expect(await first).toMatchObject({ kind: 'aborted' })

  const second = stage.drive()
  await expect.poll(() => backOffs(stage), { interval: 5 }).toBe(2)
  expect(stage.double.requests).toHaveLength(1)
  stage.clock.go()
  await second
  const retryAt = stage.bodies('model-failed')[0]?.retryAt ?? ''
  const requests = stage.world.events.filter(({ body }) => body.type === 'model-requested')
  expect(requests.map(({ body }) => body.type === 'model-requested' && body.attempt)).toEqual([1, 2])
  expect(Date.parse(requests[1]?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(retryAt))
  expect(stage.state().finished?.summary).toBe('Done.')
  await stage.close()
})

const modelsAsked = (stage: Stage): string[] => stage.bodies('model-requested').map(({ model }) => model)

const backOffs = ({ world }: Stage): number =>
  world.messages.filter((message) => message.kind === 'progress' && message.progress.phase === 'back-off').length
