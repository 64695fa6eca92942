// GitHub's device flow, for the command line: a code is typed at GitHub in any browser, and asked about until that is done.

import type { Clock } from '@slipway/core/ports'
import { makeSecret } from '@slipway/core/secret'
import { z } from 'zod'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { Settings } from '../settings.ts'
import type { AskProvider } from './ask-provider.ts'
import type { Grant } from './provider.ts'
import { GITHUB_SCOPE } from './providers/github.ts'
import { errorCode, readTokenAnswer } from './token-answer.ts'

export interface DeviceCode {
  userCode: string
  /** Where it is typed. */
  page: string
  expiresAtMs: number
}

const LABEL = 'GitHub'
const SECOND = 1000
/** What GitHub asks for when it is told too often. */
const SLOWER_SECONDS = 5
const codeShape = z.object({
  device_code: z.string().min(1),
  user_code: z.string().min(1),
  verification_uri: z.url(),
  expires_in: z.number().positive(),
  interval: z.number().nonnegative().default(5),
})

export interface DeviceNeeds {
  github: Pick<Settings['github'], 'url' | 'clientId'>
  ask: AskProvider
  clock: Clock
}

/** `show` is told the code; resolves when the person has allowed it. Throws SlipwayError with what to do when they have not. */
export async function authorizeDevice(
  { github, ask, clock }: DeviceNeeds,
  show: (code: DeviceCode) => void,
  signal: AbortSignal,
): Promise<Grant> {
  const { url, clientId } = github
  if (clientId === null)
    throw new SlipwayError(
      'not-configured',
      'For this an administrator sets GITHUB_CLIENT_ID. Or connect with a token: slipway connections add github --token',
    )
  const reply = await ask({ method: 'POST', url: `${url}/login/device/code`, form: { client_id: clientId, scope: GITHUB_SCOPE } })
  const begun = codeShape.safeParse(reply.ok && reply.status === 200 ? reply.body : null)
  if (!begun.success) {
    const problem = readTokenAnswer(LABEL, reply, clock.now())
    throw new SlipwayError('not-ready', problem.ok ? 'GitHub gave no code. Try again in a minute.' : problem.message)
  }
  const { device_code: deviceCode, user_code: userCode, verification_uri: page, expires_in: seconds, interval } = begun.data
  const expiresAtMs = clock.now() + seconds * SECOND
  show({ userCode, page, expiresAtMs })
  return poll({ url, clientId, deviceCode: makeSecret(deviceCode), expiresAtMs, intervalMs: interval * SECOND })

  async function poll(wait: {
    url: string
    clientId: string
    deviceCode: { reveal(): string }
    expiresAtMs: number
    intervalMs: number
  }): Promise<Grant> {
    let { intervalMs } = wait
    while (clock.now() < wait.expiresAtMs) {
      await clock.sleep(intervalMs, signal)
      if (signal.aborted) throw new SlipwayError('usage', 'Stopped. Nothing was connected.')
      const askedAtMs = clock.now()
      const form = {
        client_id: wait.clientId,
        device_code: wait.deviceCode.reveal(),
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      }
      const answer = await ask({ method: 'POST', url: `${wait.url}/login/oauth/access_token`, form })
      const code = answer.ok ? errorCode(answer.body) : null
      if (code === 'slow_down') intervalMs += SLOWER_SECONDS * SECOND
      if (code === 'slow_down' || code === 'authorization_pending') continue
      const granted = readTokenAnswer(LABEL, answer, askedAtMs)
      if (granted.ok) return granted
      if (code === 'access_denied') throw new SlipwayError('forbidden', 'It was refused at GitHub. Nothing was connected.')
      // A broken connection says nothing about the code.
      if (granted.problem !== 'network') throw new SlipwayError('usage', `${granted.message} Begin again for another code.`)
    }
    throw new SlipwayError('usage', 'The code ran out before it was typed. Begin again for another one.')
  }
}
