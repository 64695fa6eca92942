// GitHub's REST API as the few typed calls that Slipway makes. Each call is made once: no retries, a deadline, no redirects for writes.

import type { Octokit } from '@octokit/core'
import type { Secret } from '@slipway/core/secret'
import type { ZodType } from 'zod'
import type { ApiResult, HostedClient, HostedPull, HostedRepositories, HostedRepository } from '../hosted/hosted-client.ts'
import { type TokenHolder, tokenFailure, withToken } from '../hosted/with-token.ts'
import { answerFailure, type BadAnswer, type FailureContext, networkFailure } from './github-failure.ts'
import type { GithubSettings } from './github-settings.ts'
import {
  descriptionShape,
  doneShape,
  graphqlShape,
  pullListShape,
  pullShape,
  refShape,
  repositoryListShape,
  repositoryShape,
  selfShape,
} from './github-shapes.ts'

/** null: calls without a token, for what is public. */
export interface GithubAccess {
  settings: GithubSettings
  account: TokenHolder | null
  /** The wall clock, needed to turn reset times into waits. */
  nowMs(): number
}

const perPage = 100
const mostSearchedPages = 20

export function createGithubClient(access: GithubAccess): HostedClient {
  const send = createSender(access)
  return {
    getRepository: (slug, signal) =>
      send({
        doing: `Looking up ${slug}`,
        route: 'GET /repos/{owner}/{repo}',
        parameters: ownerAndName(slug),
        shape: repositoryShape,
        signal,
      }),

    whoAmI: (signal) => send({ doing: 'Asking GitHub whose token this is', route: 'GET /user', parameters: {}, shape: selfShape, signal }),

    getDescription: (slug, signal) =>
      send({
        doing: `Looking up ${slug}`,
        route: 'GET /repos/{owner}/{repo}',
        parameters: ownerAndName(slug),
        shape: descriptionShape,
        signal,
      }),

    createRepository({ namespace, name, isPrivate, description }, signal) {
      const doing = `Making the repository ${namespace === null ? name : `${namespace}/${name}`}`
      const parameters = { name, private: isPrivate, description, auto_init: true }
      return namespace === null
        ? send({ doing, route: 'POST /user/repos', parameters, shape: repositoryShape, signal })
        : send({ doing, route: 'POST /orgs/{org}/repos', parameters: { org: namespace, ...parameters }, shape: repositoryShape, signal })
    },

    async getRef({ slug, branch }, signal) {
      const parameters = { ...ownerAndName(slug), ref: `heads/${branch}` }
      const doing = `Looking up the branch ${branch} of ${slug}`
      const result = await send({ doing, route: 'GET /repos/{owner}/{repo}/git/ref/{ref}', parameters, shape: refShape, signal })
      if (result.ok) return { ok: true, value: result.value.oid }
      return result.failure.problem === 'not-found' ? { ok: true, value: null } : result
    },

    async listRepositories({ search, page }, signal) {
      if (search === '') return listPage(send, page, signal)
      // GitHub's own search leaves out private repositories of fine-grained tokens, so all names are compared here.
      const wanted = search.toLowerCase()
      const repositories: HostedRepository[] = []
      for (let next: number | null = 1; next !== null && next <= mostSearchedPages; ) {
        const listed = await listPage(send, next, signal)
        if (!listed.ok) return listed
        repositories.push(...listed.value.repositories.filter(({ slug }) => slug.toLowerCase().includes(wanted)))
        next = listed.value.nextPage
      }
      return { ok: true, value: { repositories, nextPage: null } }
    },

    async listPulls({ slug, branch }, signal) {
      const { owner, repo } = ownerAndName(slug)
      const parameters = { owner, repo, state: 'all', head: `${owner}:${branch}`, sort: 'created', direction: 'desc', per_page: perPage }
      const doing = `Looking for pull requests of ${branch} in ${slug}`
      const result = await send({ doing, route: 'GET /repos/{owner}/{repo}/pulls', parameters, shape: pullListShape, signal })
      // The filter is dropped silently by GitHub when it does not like its form.
      return result.ok ? { ok: true, value: ofBranch(result.value, branch) } : result
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

    closePull: ({ slug, number }, signal) =>
      send({
        doing: `Closing pull request ${number} of ${slug}`,
        route: 'PATCH /repos/{owner}/{repo}/pulls/{number}',
        parameters: { ...ownerAndName(slug), number, state: 'closed' },
        shape: pullShape,
        signal,
      }),

    addLabels: ({ slug, number, labels }, signal) =>
      send({
        doing: `Labelling pull request ${number} of ${slug}`,
        route: 'POST /repos/{owner}/{repo}/issues/{number}/labels',
        parameters: { ...ownerAndName(slug), number, labels },
        shape: doneShape,
        signal,
      }),

    addReviewer({ slug, pull, reviewer }, signal) {
      const [first = '', team] = reviewer.split('/')
      const wanted = team === undefined ? { reviewers: [first] } : { team_reviewers: [team] }
      return send({
        doing: `Asking ${reviewer} to review pull request ${pull.number} of ${slug}`,
        route: 'POST /repos/{owner}/{repo}/pulls/{number}/requested_reviewers',
        parameters: { ...ownerAndName(slug), number: pull.number, ...wanted },
        shape: doneShape,
        signal,
      })
    },

    async setDraft({ slug, pull, draft }, signal) {
      const mutation = draft ? 'convertPullRequestToDraft' : 'markPullRequestReadyForReview'
      const query = `mutation($id: ID!) { ${mutation}(input: { pullRequestId: $id }) { pullRequest { isDraft } } }`
      const doing = `Changing the draft state of a pull request in ${slug}`
      const parameters = { query, variables: { id: pull.nodeId } }
      const result = await send({ doing, route: `POST ${graphqlUrl(access.settings.apiUrl)}`, parameters, shape: graphqlShape, signal })
      if (!result.ok) return result
      const error = result.value.errors?.[0]
      if (!error) return { ok: true, value: null }
      const status = error.type === 'FORBIDDEN' ? 403 : error.type === 'NOT_FOUND' ? 404 : 422
      return answerFailure(contextOf(access, doing, null), { status, headers: {}, data: error })
    },
  }
}

type Send = ReturnType<typeof createSender>

async function listPage(send: Send, page: number, signal: AbortSignal): Promise<ApiResult<HostedRepositories>> {
  const doing = 'Listing the repositories of the GitHub account'
  const parameters = { sort: 'pushed', per_page: perPage, page }
  const listed = await send({ doing, route: 'GET /user/repos', parameters, shape: repositoryListShape, signal })
  if (!listed.ok) return listed
  return { ok: true, value: { repositories: listed.value, nextPage: listed.value.length === perPage ? page + 1 : null } }
}

interface Call<Value> {
  doing: string
  route: string
  parameters: Record<string, unknown>
  shape: ZodType<Value>
  signal: AbortSignal
}

type Sent<Value> = { result: ApiResult<Value>; isRefusedToken: boolean }

function createSender(access: GithubAccess) {
  let opening: Promise<Octokit> | null = null
  const open = () => (opening ??= openOctokit(access.settings))
  return async function send<Value>(call: Call<Value>): Promise<ApiResult<Value>> {
    if (access.account === null) return (await exchange(access, open, call, null)).result
    const sent = await withToken<Sent<Value>>(access.account, (token) => exchange(access, open, call, token), {
      isRefused: ({ isRefusedToken }) => isRefusedToken,
      failed: (problem) => ({
        result: { ok: false, failure: tokenFailure(problem), isAnswerLost: false, said: '' },
        isRefusedToken: false,
      }),
    })
    return sent.result
  }
}

async function exchange<Value>(
  access: GithubAccess,
  open: () => Promise<Octokit>,
  call: Call<Value>,
  token: Secret | null,
): Promise<Sent<Value>> {
  const deadline = AbortSignal.timeout(access.settings.requestTimeoutMs)
  const isRead = call.route.startsWith('GET ')
  const request = { signal: AbortSignal.any([call.signal, deadline]), redirect: isRead ? ('follow' as const) : ('manual' as const) }
  const headers = { 'x-github-api-version': '2022-11-28', ...(token && { authorization: `Bearer ${token.reveal()}` }) }
  const context = contextOf(access, call.doing, token)
  const as = (result: ApiResult<Value>, isRefusedToken = false) => ({ result, isRefusedToken })
  let answer: BadAnswer
  try {
    const octokit = await open()
    answer = await octokit.request(call.route, { ...call.parameters, headers, request })
  } catch (error) {
    if (!hasAnswer(error)) return as(networkFailure(context, reasonOf(error, call.signal, deadline)))
    return as(answerFailure(context, { ...error.response, status: error.status }), error.status === 401)
  }
  if (answer.status >= 300) return as(answerFailure(context, answer))
  const value = call.shape.safeParse(answer.data)
  if (value.success) return as({ ok: true, value: value.data })
  // Octokit delivers a body that broke off as an empty one, and a proxy's page as text.
  const wasCut = answer.data === '' || typeof answer.data !== 'object'
  const what = wasCut
    ? 'the answer broke off or did not come from GitHub'
    : `the answer lacks ${value.error.issues[0]?.path.join('.') ?? 'a field'}`
  return as(networkFailure(context, reasonOf(new Error(what), call.signal, deadline)))
}

/** Loaded with the first call: most runs on a local repository make none. It knows no token: each call brings the present one. */
async function openOctokit({ apiUrl }: GithubSettings): Promise<Octokit> {
  const sdk = await import('@octokit/core')
  return new sdk.Octokit({
    baseUrl: apiUrl,
    userAgent: 'slipway',
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

function contextOf({ settings, account, nowMs }: GithubAccess, doing: string, token: Secret | null): FailureContext {
  return { doing, url: settings.url, hasToken: account !== null, secrets: token === null ? [] : [token.reveal()], nowMs: nowMs() }
}

function ownerAndName(slug: string): { owner: string; repo: string } {
  const [owner = '', repo = ''] = slug.split('/')
  return { owner, repo }
}

function ofBranch(pulls: HostedPull[], branch: string): HostedPull[] {
  return pulls.filter((pull) => pull.branch === branch && pull.isOwnBranch)
}

function graphqlUrl(apiUrl: string): string {
  return apiUrl.endsWith('/api/v3') ? apiUrl.replace(/\/v3$/, '/graphql') : `${apiUrl}/graphql`
}
