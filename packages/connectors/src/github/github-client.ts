// GitHub's REST API as the few typed calls that Slipway makes. Each call is made once: no retries, a deadline, no redirects for writes.

import type { Octokit } from '@octokit/core'
import type { ZodType } from 'zod'
import { type ApiFailure, answerFailure, type BadAnswer, type FailureContext, networkFailure } from './github-failure.ts'
import type { GithubSettings } from './github-settings.ts'
import {
  type GithubPull,
  type GithubRepository,
  graphqlShape,
  pullListShape,
  pullShape,
  refShape,
  repositoryShape,
} from './github-shapes.ts'

export type ApiResult<Value> = { ok: true; value: Value } | ApiFailure

export interface GithubClient {
  /** The repository under its present name; a renamed one is followed. */
  getRepository(slug: string, signal: AbortSignal): Promise<ApiResult<GithubRepository>>
  /** The commit of a branch; null when the branch does not exist. */
  getRef(input: { slug: string; branch: string }, signal: AbortSignal): Promise<ApiResult<string | null>>
  /** Pull requests from a branch of the repository itself, newest first, at most 100. */
  listPulls(input: { slug: string; branch: string; state: 'open' | 'all' }, signal: AbortSignal): Promise<ApiResult<GithubPull[]>>
  getPull(input: { slug: string; number: number }, signal: AbortSignal): Promise<ApiResult<GithubPull>>
  createPull(
    input: { slug: string; branch: string; base: string; title: string; body: string; draft: boolean },
    signal: AbortSignal,
  ): Promise<ApiResult<GithubPull>>
  updatePull(input: { slug: string; number: number; title: string; body: string }, signal: AbortSignal): Promise<ApiResult<GithubPull>>
  /** Only GraphQL can do this. */
  setDraft(input: { slug: string; nodeId: string; draft: boolean }, signal: AbortSignal): Promise<ApiResult<null>>
}

/** `nowMs` is the wall clock, needed to turn reset times into waits. */
export function createGithubClient(settings: GithubSettings, nowMs: () => number): GithubClient {
  const send = createSender(settings, nowMs)
  return {
    getRepository: (slug, signal) =>
      send({
        doing: `Looking up ${slug}`,
        route: 'GET /repos/{owner}/{repo}',
        parameters: ownerAndName(slug),
        shape: repositoryShape,
        signal,
      }),

    async getRef({ slug, branch }, signal) {
      const parameters = { ...ownerAndName(slug), ref: `heads/${branch}` }
      const doing = `Looking up the branch ${branch} of ${slug}`
      const result = await send({ doing, route: 'GET /repos/{owner}/{repo}/git/ref/{ref}', parameters, shape: refShape, signal })
      if (result.ok) return { ok: true, value: result.value.oid }
      return result.failure.problem === 'not-found' ? { ok: true, value: null } : result
    },

    async listPulls({ slug, branch, state }, signal) {
      const { owner, repo } = ownerAndName(slug)
      const parameters = { owner, repo, state, head: `${owner}:${branch}`, sort: 'created', direction: 'desc', per_page: 100 }
      const doing = `Looking for pull requests of ${branch} in ${slug}`
      const result = await send({ doing, route: 'GET /repos/{owner}/{repo}/pulls', parameters, shape: pullListShape, signal })
      // The filter is dropped silently by GitHub when it does not like its form.
      return result.ok
        ? { ok: true, value: result.value.filter((pull) => pull.branch === branch && isSameSlug(pull.headSlug, slug)) }
        : result
    },

    getPull: ({ slug, number }, signal) =>
      send({
        doing: `Looking up pull request ${number} of ${slug}`,
        route: 'GET /repos/{owner}/{repo}/pulls/{number}',
        parameters: { ...ownerAndName(slug), number },
        shape: pullShape,
        signal,
      }),

    createPull: ({ slug, branch, base, title, body, draft }, signal) =>
      send({
        doing: `Opening the pull request in ${slug}`,
        route: 'POST /repos/{owner}/{repo}/pulls',
        parameters: { ...ownerAndName(slug), head: branch, base, title, body, draft },
        shape: pullShape,
        signal,
      }),

    updatePull: ({ slug, number, title, body }, signal) =>
      send({
        doing: `Changing pull request ${number} of ${slug}`,
        route: 'PATCH /repos/{owner}/{repo}/pulls/{number}',
        parameters: { ...ownerAndName(slug), number, title, body },
        shape: pullShape,
        signal,
      }),

    async setDraft({ slug, nodeId, draft }, signal) {
      const mutation = draft ? 'convertPullRequestToDraft' : 'markPullRequestReadyForReview'
      const query = `mutation($id: ID!) { ${mutation}(input: { pullRequestId: $id }) { pullRequest { isDraft } } }`
      const doing = `Changing the draft state of a pull request in ${slug}`
      const parameters = { query, variables: { id: nodeId } }
      const result = await send({ doing, route: `POST ${graphqlUrl(settings.apiUrl)}`, parameters, shape: graphqlShape, signal })
      if (!result.ok) return result
      const error = result.value.errors?.[0]
      if (!error) return { ok: true, value: null }
      const status = error.type === 'FORBIDDEN' ? 403 : error.type === 'NOT_FOUND' ? 404 : 422
      return answerFailure(contextOf(settings, doing, nowMs()), { status, headers: {}, data: error })
    },
  }
}

interface Call<Value> {
  doing: string
  route: string
  parameters: Record<string, unknown>
  shape: ZodType<Value>
  signal: AbortSignal
}

function createSender(settings: GithubSettings, nowMs: () => number) {
  let opening: Promise<Octokit> | null = null
  return async function send<Value>(call: Call<Value>): Promise<ApiResult<Value>> {
    const deadline = AbortSignal.timeout(settings.requestTimeoutMs)
    const isRead = call.route.startsWith('GET ')
    const request = { signal: AbortSignal.any([call.signal, deadline]), redirect: isRead ? ('follow' as const) : ('manual' as const) }
    const headers = { 'x-github-api-version': '2022-11-28' }
    const context = () => contextOf(settings, call.doing, nowMs())
    let answer: BadAnswer
    try {
      const octokit = await (opening ??= openOctokit(settings))
      answer = await octokit.request(call.route, { ...call.parameters, headers, request })
    } catch (error) {
      if (!hasAnswer(error)) return networkFailure(context(), reasonOf(error, call.signal, deadline))
      return answerFailure(context(), { ...error.response, status: error.status })
    }
    if (answer.status >= 300) return answerFailure(context(), answer)
    const value = call.shape.safeParse(answer.data)
    if (value.success) return { ok: true, value: value.data }
    // Octokit delivers a body that broke off as an empty one, and a proxy's page as text.
    const wasCut = answer.data === '' || typeof answer.data !== 'object'
    const what = wasCut
      ? 'the answer broke off or did not come from GitHub'
      : `the answer lacks ${value.error.issues[0]?.path.join('.') ?? 'a field'}`
    return networkFailure(context(), reasonOf(new Error(what), call.signal, deadline))
  }
}

/** Loaded with the first call: most runs on a local repository make none. */
async function openOctokit({ token, apiUrl }: GithubSettings): Promise<Octokit> {
  const sdk = await import('@octokit/core')
  const auth = token?.reveal()
  return new sdk.Octokit({
    baseUrl: apiUrl,
    userAgent: 'slipway',
    ...(auth !== undefined && { auth }),
    // Nothing of a request may reach the log: its options hold the token.
    log: { debug() {}, info() {}, warn() {}, error() {} },
  })
}

/** Octokit gives failures without an answer the status 500 too; only `response` tells them apart. */
function hasAnswer(error: unknown): error is { status: number; response: BadAnswer } {
  return error instanceof Error && 'response' in error && error.response !== undefined && 'status' in error
}

function reasonOf(error: unknown, stop: AbortSignal, deadline: AbortSignal): string {
  if (stop.aborted) return 'the call was stopped'
  if (deadline.aborted) return 'GitHub did not answer in time'
  return error instanceof Error && error.message ? error.message : 'the connection broke'
}

function contextOf(settings: GithubSettings, doing: string, nowMs: number): FailureContext {
  const token = settings.token?.reveal()
  return { doing, url: settings.url, hasToken: token !== undefined, secrets: token === undefined ? [] : [token], nowMs }
}

function ownerAndName(slug: string): { owner: string; repo: string } {
  const [owner = '', repo = ''] = slug.split('/')
  return { owner, repo }
}

function isSameSlug(one: string | null, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase()
}

function graphqlUrl(apiUrl: string): string {
  return apiUrl.endsWith('/api/v3') ? apiUrl.replace(/\/v3$/, '/graphql') : `${apiUrl}/graphql`
}
