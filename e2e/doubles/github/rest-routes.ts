// The part of GitHub's REST API that the double answers. Everything else is 404, so a client that needs more fails loudly.

import { type Answer, badCredentials, errorAnswer, json, notFound } from './answer.ts'
import { accessTo, branchOid, type DoubleRepository, type DoubleState, type DoubleToken, findRepository } from './double-state.ts'
import { createRepository } from './create-routes.ts'
import { gitOutput } from './git-command.ts'
import { addLabels, requestReviewers } from './mark-routes.ts'
import { createPull, getPull, listPulls, type PullCall, updatePull } from './pull-routes.ts'
import { answerTalk } from './talk-routes.ts'
import { type Addresses, profileShape, refShape, repositoryShape } from './shapes.ts'

export interface RestRequest {
  method: string
  /** Below the API's base address, with a leading slash. */
  path: string
  query: URLSearchParams
  authorization: string | null
  body: Record<string, unknown>
}

export interface RestContext {
  addresses: Addresses
  state: DoubleState
}

export async function answerRest(context: RestContext, request: RestRequest): Promise<Answer> {
  const token = tokenOf(context.state, request.authorization)
  if (token === 'invalid') return badCredentials()
  if (request.path === '/user')
    return token
      ? json(200, profileShape(context.addresses, token.login, '2020-01-01T00:00:00Z'))
      : errorAnswer(401, 'Requires authentication')
  if (request.path === '/rate_limit') return json(200, rateLimitShape())
  const organisation = /^\/orgs\/([^/]+)\/repos$/.exec(request.path)?.[1] ?? null
  if (request.method === 'POST' && (request.path === '/user/repos' || organisation !== null))
    return requireToken(token, async () => (token ? createRepository({ ...context, token, body: request.body }, organisation) : notFound()))
  if (request.path === '/user/repos') return token ? listOwn(context, token, request.query) : errorAnswer(401, 'Requires authentication')
  const route = /^\/(?:repos\/([^/]+\/[^/]+)|repositories\/(\d+))(\/.*)?$/.exec(request.path)
  if (!route) return notFound()
  const [, slug, id, rest = ''] = route
  const repository = slug === undefined ? byId(context.state, Number(id)) : findRepository(context.state, decodeURIComponent(slug))
  if (!repository) return slug === undefined ? notFound() : redirectRenamed(context, request, slug, rest)
  if (repository.isPrivate && accessTo(repository, token) === 'none') return notFound()
  return answerRepository(context, request, repository, token, rest)
}

async function answerRepository(
  context: RestContext,
  request: RestRequest,
  repository: DoubleRepository,
  token: DoubleToken | null,
  rest: string,
): Promise<Answer> {
  const { addresses, state } = context
  if (rest === '' && request.method === 'GET') return json(200, repositoryShape(addresses, repository, token))
  const ref = /^\/git\/ref\/(.+)$/.exec(rest)
  if (ref && request.method === 'GET') return answerRef(context, repository, decodeURIComponent(ref[1] ?? ''))
  const call: PullCall = { addresses, state, repository, token, body: request.body }
  const talk = answerTalk({ ...call, method: request.method, query: request.query }, rest)
  if (talk) return talk
  if (rest === '/pulls') return request.method === 'POST' ? requireToken(token, () => createPull(call)) : listPulls(call, request.query)
  const labels = /^\/issues\/(\d+)\/labels$/.exec(rest)
  if (labels && request.method === 'POST') return requireToken(token, async () => addLabels(call, Number(labels[1])))
  const reviewers = /^\/pulls\/(\d+)\/requested_reviewers$/.exec(rest)
  if (reviewers && request.method === 'POST') return requireToken(token, () => requestReviewers(call, Number(reviewers[1])))
  const pull = /^\/pulls\/(\d+)$/.exec(rest)
  if (!pull) return notFound()
  const number = Number(pull[1])
  return request.method === 'PATCH' ? requireToken(token, () => updatePull(call, number)) : getPull(call, number)
}

async function answerRef(context: RestContext, repository: DoubleRepository, name: string): Promise<Answer> {
  const isEmpty = (await gitOutput(repository.directory, ['for-each-ref', '--count=1'])) === ''
  if (isEmpty) return errorAnswer(409, 'Git Repository is empty.')
  const oid = name.startsWith('heads/') ? await branchOid(repository, name.slice('heads/'.length)) : null
  return oid ? json(200, refShape(context.addresses, repository, `refs/${name}`, oid)) : notFound()
}

/** GitHub's pages carry the next one's address in a header, and no total. */
function listOwn({ addresses, state }: RestContext, token: DoubleToken, query: URLSearchParams): Answer {
  const perPage = Math.min(Number(query.get('per_page') ?? 30), 100)
  const page = Math.max(Number(query.get('page') ?? 1), 1)
  const seen = state.repositories.filter((repository) => accessTo(repository, token) !== 'none')
  const sorted =
    query.get('sort') === 'pushed'
      ? seen.sort((one, other) => Date.parse(other.pushedAt) - Date.parse(one.pushedAt))
      : seen.sort((one, other) => one.slug.localeCompare(other.slug))
  const shown = sorted.slice((page - 1) * perPage, page * perPage)
  const next = `<${addresses.apiUrl}/user/repos?per_page=${perPage}&page=${page + 1}>; rel="next"`
  return json(
    200,
    shown.map((repository) => repositoryShape(addresses, repository, token)),
    page * perPage < sorted.length ? { link: next } : {},
  )
}

function requireToken(token: DoubleToken | null, answer: () => Promise<Answer>): Answer | Promise<Answer> {
  return token ? answer() : errorAnswer(401, 'Requires authentication')
}

function redirectRenamed(context: RestContext, request: RestRequest, slug: string, rest: string): Answer {
  const id = context.state.renamed.get(decodeURIComponent(slug).toLowerCase())
  if (id === undefined) return notFound()
  const query = request.query.size > 0 ? `?${request.query}` : ''
  const location = `${context.addresses.apiUrl}/repositories/${id}${rest}${query}`
  const isSafe = request.method === 'GET' || request.method === 'HEAD'
  return json(isSafe ? 301 : 307, { message: isSafe ? 'Moved Permanently' : 'Temporary Redirect', url: location }, { location })
}

/** null: nobody signed in. Both header schemes of the REST API count. */
export function tokenOf(state: DoubleState, authorization: string | null): DoubleToken | 'invalid' | null {
  if (authorization === null) return null
  const value = /^(?:token|bearer) (.+)$/i.exec(authorization)?.[1]
  if (value !== undefined && state.revoked.has(value)) return 'invalid'
  return state.tokens.find((token) => token.token === value) ?? 'invalid'
}

function byId(state: DoubleState, id: number): DoubleRepository | null {
  return state.repositories.find((repository) => repository.id === id) ?? null
}

function rateLimitShape() {
  const limit = { limit: 5000, remaining: 5000, used: 0, reset: Math.ceil(Date.now() / 1000) + 3600 }
  return { resources: { core: limit, search: limit, graphql: limit }, rate: limit }
}
