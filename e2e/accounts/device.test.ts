// GitHub's device flow: patience, and what ends it.

import type { Clock } from '@slipway/core/ports'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { authorizeDevice } from '../../apps/server/src/connections/authorize-device.ts'
import { openAskProvider } from '../../apps/server/src/connections/ask-provider.ts'
import { type OauthDouble, startOauthDouble } from '../doubles/oauth/start-oauth-double.ts'

let github: OauthDouble
beforeAll(async () => {
  github = await startOauthDouble({ provider: 'github', accessSeconds: null, deviceIntervalSeconds: 5 })
})
afterAll(() => github.close())

/** `onWait` is told before each wait how often there was one; time passes at once. */
async function begin(onWait: (count: number, userCode: string) => void, stopped = new AbortController()) {
  const waits: number[] = []
  let nowMs = 0
  let shown = ''
  const clock: Clock = {
    now: () => nowMs,
    async sleep(ms) {
      nowMs += ms
      onWait(waits.push(ms), shown)
    },
  }
  const needs = { github: { url: github.url, clientId: 'slipway-client' }, ask: openAskProvider(), clock }
  const outcome = await authorizeDevice(needs, ({ userCode }) => void (shown = userCode), stopped.signal).then(
    (grant) => grant.tokens.access.reveal(),
    (error: Error) => error.message,
  )
  return { outcome, waits }
}

test('it waits as long as GitHub says between two questions, and longer when it was too often', async () => {
  const { outcome, waits } = await begin((count, code) => {
    if (count === 2) github.devices.decide(code, 'slow_down')
    if (count === 3) github.devices.decide(code, 'authorization_pending')
    if (count === 5) github.devices.decide(code, { id: 1, login: 'ada' })
  })
  expect(github.grants.find(outcome)?.person.login).toBe('ada')
  expect(waits).toEqual([5_000, 5_000, 10_000, 10_000, 10_000])
})

test('a broken answer in between ends nothing', async () => {
  const { outcome } = await begin((count, code) => {
    if (count === 1) github.fail(/access_token/, { kind: 'status', status: 502 })
    if (count === 2) github.fail(/access_token/, { kind: 'lost' })
    if (count === 3) github.devices.decide(code, { id: 1, login: 'ada' })
  })
  expect(github.grants.find(outcome)?.person.login).toBe('ada')
})

test.each([
  ['access_denied', 'It was refused at GitHub. Nothing was connected.'],
  ['expired_token', /run out.*Begin again for another code\.$/],
] as const)('%s ends it', async (decision, message) => {
  const { outcome } = await begin((_count, code) => github.devices.decide(code, decision))
  expect(outcome).toMatch(message)
})

test('a code that nobody types runs out, and whoever asked may stop', async () => {
  const { outcome, waits } = await begin(() => undefined)
  expect([outcome, waits.length]).toEqual(['The code ran out before it was typed. Begin again for another one.', 180])
  const stopped = new AbortController()
  expect((await begin(() => stopped.abort(), stopped)).outcome).toBe('Stopped. Nothing was connected.')
})
