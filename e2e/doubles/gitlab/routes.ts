// The part of GitLab's API that the double answers. Everything else is 404, so a client that needs more fails loudly.

import { type Answer, json, notFound, revoked, unauthorized } from './answer.ts'
import { createProject, getNamespace } from './create-routes.ts'
import { branchOid, type DoubleProject, type DoubleState, type DoubleToken, findMoved, findProject, roleIn } from './double-state.ts'
import {
  createMergeRequest,
  getMergeRequest,
  listMergeRequests,
  type MergeRequestCall,
  updateMergeRequest,
} from './merge-request-routes.ts'
import { answerTalk } from './talk-routes.ts'
import { branchShape, projectShape, userShape } from './shapes.ts'

export interface ApiRequest {
  method: string
  /** Below `/api/v4`, still encoded, with a leading slash. */
  path: string
  query: URLSearchParams
  headers: Record<string, string>
  body: Record<string, unknown>
}

export async function answerApi(url: string, state: DoubleState, request: ApiRequest): Promise<Answer> {
  const given = tokenText(request.headers)
  if (given !== null && state.revoked.has(given)) return revoked()
  const token = state.tokens.find((known) => known.token === given) ?? null
  if (given !== null && token === null) return unauthorized()
  if (request.path === '/user') return token ? json(200, userShape(url, token.username)) : unauthorized()
  if (request.path === '/users') return token ? listUsers(url, state, request.query) : unauthorized()
  const namespace = /^\/namespaces\/([^/]+)$/.exec(request.path)?.[1]
  if (namespace !== undefined) return token ? getNamespace(state, token, decodeURIComponent(namespace)) : unauthorized()
  if (request.path === '/projects' && request.method === 'POST')
    return token ? createProject(url, state, token, request.body) : unauthorized()
  if (request.path === '/projects' && request.method === 'GET') return listProjects(url, state, token, request.query)
  const route = /^\/projects\/([^/]+)(\/.*)?$/.exec(request.path)
  if (!route) return notFound()
  const project = projectOf(state, decodeURIComponent(route[1] ?? ''), request.method)
  if (!project || !maySee(project, token)) return notFound('404 Project Not Found')
  return answerProject({ url, state, request, project, token, rest: route[2] ?? '' })
}

async function answerProject(call: {
  url: string
  state: DoubleState
  request: ApiRequest
  project: DoubleProject
  token: DoubleToken | null
  rest: string
}): Promise<Answer> {
  const { url, state, request, project, token, rest } = call
  if (rest === '' && request.method === 'GET') return json(200, await projectShape(url, project, token))
  const branch = /^\/repository\/branches\/([^/]+)$/.exec(rest)?.[1]
  if (branch !== undefined && request.method === 'GET') {
    const name = decodeURIComponent(branch)
    const oid = await branchOid(project, name)
    return oid ? json(200, branchShape(url, project, name, oid)) : notFound('404 Branch Not Found')
  }
  if (token === null) return unauthorized()
  const merge: MergeRequestCall = { url, state, project, token, body: request.body }
  const talk = answerTalk({ ...merge, method: request.method, query: request.query }, rest)
  if (talk) return talk
  if (rest === '/merge_requests' && request.method === 'GET') return listMergeRequests(merge, request.query)
  if (rest === '/merge_requests' && request.method === 'POST') return createMergeRequest(merge)
  const iid = /^\/merge_requests\/(\d+)$/.exec(rest)?.[1]
  if (iid !== undefined && request.method === 'GET') return getMergeRequest(merge, Number(iid))
  if (iid !== undefined && request.method === 'PUT') return updateMergeRequest(merge, Number(iid))
  return notFound()
}

/** By number or path; an old path is followed for reads only. */
function projectOf(state: DoubleState, name: string, method: string): DoubleProject | null {
  if (/^\d+$/.test(name)) return state.projects.find(({ id }) => id === Number(name)) ?? null
  return findProject(state, name) ?? (method === 'GET' ? findMoved(state, name) : null)
}

export function maySee(project: DoubleProject, token: DoubleToken | null): boolean {
  if (project.visibility === 'public') return true
  if (token === null) return false
  return project.visibility === 'internal' || roleIn(token, project) > 0
}

async function listProjects(url: string, state: DoubleState, token: DoubleToken | null, query: URLSearchParams): Promise<Answer> {
  const search = (query.get('search') ?? '').toLowerCase()
  const perPage = Math.min(Number(query.get('per_page') ?? 20), 100)
  const page = Math.max(Number(query.get('page') ?? 1), 1)
  const text = (project: DoubleProject) =>
    (query.get('search_namespaces') === 'true' ? project.path : (project.path.split('/').at(-1) ?? '')).toLowerCase()
  const found = state.projects
    .filter((project) => maySee(project, token))
    .filter((project) => query.get('membership') !== 'true' || (token !== null && roleIn(token, project) > 0))
    .filter((project) => query.get('archived') !== 'false' || !project.isArchived)
    .filter((project) => text(project).includes(search))
    .sort((one, other) => (query.get('order_by') === 'last_activity_at' ? byActivity(one, other) : other.id - one.id))
  const shown = found.slice((page - 1) * perPage, page * perPage)
  const next = page * perPage < found.length ? String(page + 1) : ''
  return json(200, await Promise.all(shown.map((project) => projectShape(url, project, token))), { 'x-next-page': next })
}

function byActivity(one: DoubleProject, other: DoubleProject): number {
  return Date.parse(other.lastActivityAt) - Date.parse(one.lastActivityAt)
}

function listUsers(url: string, state: DoubleState, query: URLSearchParams): Answer {
  const wanted = query.get('username')?.toLowerCase() ?? null
  const names = [...state.tokens.map(({ username }) => username), ...state.people]
  return json(
    200,
    names.filter((name) => wanted === null || name.toLowerCase() === wanted).map((name) => userShape(url, name)),
  )
}

function tokenText(headers: Record<string, string>): string | null {
  return headers['private-token'] ?? /^bearer (.+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? null
}
