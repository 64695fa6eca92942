// Tokens of a GitHub App: each for one repository, good for an hour, made when it is needed and kept in memory only.

import { createSign } from 'node:crypto'
import { makeSecret, type Secret } from '@slipway/core/secret'
import { z } from 'zod'
import type { Settings } from '../settings.ts'
import type { AskProvider } from './ask-provider.ts'
import type { ProviderProblem } from './provider.ts'
import { githubHeaders } from './providers/github.ts'
import { readAnswer } from './token-answer.ts'

/** null: the App is not installed where the repository is. */
export type AppToken = { ok: true; token: Secret | null } | ProviderProblem

export interface GithubApp {
  /** For one repository alone; `refused` is not given again. */
  tokenFor(repository: string, refused?: Secret): Promise<AppToken>
  /** For all repositories of the App's first installation. */
  tokenForAll(refused?: Secret): Promise<AppToken>
  /** Whether the person with this token may push there. */
  mayPush(person: Secret, repository: string): Promise<{ ok: true; may: boolean } | ProviderProblem>
}

const LABEL = 'GitHub'
/** Before they run out, so that a long push does not outlive its token. */
const MARGIN_MS = 10 * 60_000
const SECOND = 1000
/** GitHub's clock may be behind ours, and takes ten minutes at most. */
const ISSUED_BEFORE_S = 60
const VALID_S = 8 * 60
const PUSH_RIGHT_MS = 5 * 60_000

const installationShape = z.object({ id: z.int() })
const installationsShape = z.array(installationShape)
const tokenShape = z.object({ token: z.string().min(1), expires_at: z.string() })
const repositoryShape = z.object({ permissions: z.object({ push: z.boolean() }).nullish() })

export interface GithubAppNeeds {
  app: NonNullable<Settings['github']['app']>
  apiUrl: string
  ask: AskProvider
  now(): number
  /** Told of each token before it is used. */
  learn(secret: Secret): void
}

export function openGithubApp({ app, apiUrl, ask, now, learn }: GithubAppNeeds): GithubApp {
  const kept = new Map<string, { token: Secret; expiresAtMs: number }>()
  const making = new Map<string, Promise<AppToken>>()
  const rights = new Map<string, { may: boolean; untilMs: number }>()

  const asApp = () => ({ ...githubHeaders, authorization: `Bearer ${signToken(app, now())}` })

  /** One at a time for each name. */
  function once(name: string, refused: Secret | undefined, make: () => Promise<AppToken>): Promise<AppToken> {
    const known = kept.get(name)
    if (known !== undefined && known.expiresAtMs - MARGIN_MS > now() && known.token.reveal() !== refused?.reveal())
      return Promise.resolve({ ok: true, token: known.token })
    const running = making.get(name) ?? make().finally(() => making.delete(name))
    making.set(name, running)
    return running
  }

  async function mint(name: string, installation: number, repositories: string[] | null): Promise<AppToken> {
    const url = `${apiUrl}/app/installations/${installation}/access_tokens`
    const json = repositories === null ? {} : { repositories }
    const made = readAnswer(LABEL, await ask({ method: 'POST', url, headers: asApp(), json }), tokenShape)
    if (!made.ok) return made
    const token = makeSecret(made.value.token)
    learn(token)
    kept.set(name, { token, expiresAtMs: Date.parse(made.value.expires_at) || now() })
    return { ok: true, token }
  }

  return {
    tokenFor(repository, refused) {
      const slug = repository.toLowerCase()
      return once(slug, refused, async () => {
        const reply = await ask({ method: 'GET', url: `${apiUrl}/repos/${pathOf(slug)}/installation`, headers: asApp() })
        if (reply.ok && reply.status === 404) return { ok: true, token: null }
        const found = readAnswer(LABEL, reply, installationShape)
        return found.ok ? mint(slug, found.value.id, [slug.slice(slug.indexOf('/') + 1)]) : found
      })
    },
    tokenForAll: (refused) =>
      once('', refused, async () => {
        const reply = await ask({ method: 'GET', url: `${apiUrl}/app/installations?per_page=1`, headers: asApp() })
        const found = readAnswer(LABEL, reply, installationsShape)
        if (!found.ok) return found
        const [first] = found.value
        return first === undefined ? { ok: true, token: null } : mint('', first.id, null)
      }),
    async mayPush(person, repository) {
      const key = `${repository.toLowerCase()} ${person.reveal()}`
      const known = rights.get(key)
      if (known !== undefined && known.untilMs > now()) return { ok: true, may: known.may }
      const headers = { ...githubHeaders, authorization: `Bearer ${person.reveal()}` }
      const reply = await ask({ method: 'GET', url: `${apiUrl}/repos/${pathOf(repository)}`, headers })
      const isHidden = reply.ok && (reply.status === 404 || reply.status === 403 || reply.status === 301)
      const found = isHidden ? null : readAnswer(LABEL, reply, repositoryShape)
      if (found !== null && !found.ok) return found
      const may = found?.value.permissions?.push ?? false
      rights.set(key, { may, untilMs: now() + PUSH_RIGHT_MS })
      return { ok: true, may }
    },
  }
}

function pathOf(slug: string): string {
  return slug.split('/').map(encodeURIComponent).join('/')
}

/** What proves to GitHub that this is the App. */
function signToken({ id, privateKey }: GithubAppNeeds['app'], nowMs: number): string {
  const at = Math.floor(nowMs / SECOND)
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iat: at - ISSUED_BEFORE_S, exp: at + VALID_S, iss: id }
  const unsigned = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`
  return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(privateKey.reveal(), 'base64url')}`
}
