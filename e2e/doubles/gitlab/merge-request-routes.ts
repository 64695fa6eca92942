// Merge requests as GitLab rules on them: the source must be pushed, one open merge request per source and target.

import { type Answer, errorAnswer, json, missingScope, notFound } from './answer.ts'
import { branchOid, type DoubleMergeRequest, type DoubleProject, type DoubleState, type DoubleToken, roleIn } from './double-state.ts'
import { mergeRequestShape, userId } from './shapes.ts'

const titleLimit = 255
const descriptionLimit = 1_048_576

export interface MergeRequestCall {
  url: string
  state: DoubleState
  project: DoubleProject
  token: DoubleToken
  body: Record<string, unknown>
}

export async function listMergeRequests(call: MergeRequestCall, query: URLSearchParams): Promise<Answer> {
  const wanted = query.get('state') ?? 'all'
  const [source, target] = [query.get('source_branch'), query.get('target_branch')]
  const perPage = Math.min(Number(query.get('per_page') ?? 20), 100)
  const page = Math.max(Number(query.get('page') ?? 1), 1)
  const found = call.project.mergeRequests
    .filter(({ state }) => wanted === 'all' || state === wanted)
    .filter(({ sourceBranch }) => source === null || sourceBranch === source)
    .filter(({ targetBranch }) => target === null || targetBranch === target)
    .sort((one, other) => other.iid - one.iid)
  const shown = found.slice((page - 1) * perPage, page * perPage)
  const next = page * perPage < found.length ? String(page + 1) : ''
  const bodies = await Promise.all(shown.map((request) => mergeRequestShape(call.url, call.project, request)))
  return json(200, bodies, { 'x-next-page': next })
}

export async function getMergeRequest(call: MergeRequestCall, iid: number): Promise<Answer> {
  const found = call.project.mergeRequests.find((request) => request.iid === iid)
  return found ? json(200, await mergeRequestShape(call.url, call.project, found)) : notFound()
}

export async function createMergeRequest(call: MergeRequestCall): Promise<Answer> {
  const { state, project, token, body } = call
  const refusal = refuseWrite(call) ?? (await refuseCreation(call))
  if (refusal) return refusal
  const now = new Date().toISOString()
  const created: DoubleMergeRequest = {
    id: state.nextId(),
    iid: project.mergeRequests.length + 1,
    title: String(body['title']),
    description: typeof body['description'] === 'string' ? body['description'] : null,
    sourceBranch: String(body['source_branch']),
    targetBranch: String(body['target_branch']),
    state: 'opened',
    author: token.username,
    labels: listOf(body['labels']),
    reviewers: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    mergedAt: null,
    endedOid: null,
  }
  project.mergeRequests.push(created)
  return json(201, await mergeRequestShape(call.url, project, created))
}

export async function updateMergeRequest(call: MergeRequestCall, iid: number): Promise<Answer> {
  const { project, body } = call
  const refusal = refuseWrite(call) ?? refuseText(body)
  if (refusal) return refusal
  const found = project.mergeRequests.find((request) => request.iid === iid)
  if (!found) return notFound()
  if (Object.keys(body).length === 0) return json(400, { error: 'at least one parameter must be provided' })
  if (typeof body['title'] === 'string') found.title = body['title']
  if (typeof body['description'] === 'string') found.description = body['description']
  if (body['add_labels'] !== undefined) found.labels = [...new Set([...found.labels, ...listOf(body['add_labels'])])]
  if (Array.isArray(body['reviewer_ids'])) found.reviewers = reviewersOf(call, body['reviewer_ids'])
  const now = new Date().toISOString()
  if (body['state_event'] === 'close' && found.state === 'opened')
    Object.assign(found, { state: 'closed', closedAt: now, endedOid: await branchOid(project, found.sourceBranch) })
  if (body['state_event'] === 'reopen' && found.state === 'closed')
    Object.assign(found, { state: 'opened', closedAt: null, endedOid: null })
  found.updatedAt = now
  return json(200, await mergeRequestShape(call.url, project, found))
}

function refuseWrite({ token, project }: MergeRequestCall): Answer | null {
  if (token.scope !== 'api') return missingScope()
  if (project.isArchived || roleIn(token, project) < 30) return errorAnswer(403, '403 Forbidden')
  return null
}

async function refuseCreation({ project, body }: MergeRequestCall): Promise<Answer | null> {
  const missing = ['source_branch', 'target_branch', 'title'].filter((field) => typeof body[field] !== 'string' || body[field] === '')
  if (missing.length > 0) return json(400, { error: missing.map((field) => `${field} is missing`).join(', ') })
  const problem = refuseText(body)
  if (problem) return problem
  const [source, target] = [String(body['source_branch']), String(body['target_branch'])]
  if (source === target) return errorAnswer(422, ["You can't use same project/branch for source and target"])
  for (const branch of [source, target])
    if (!(await branchOid(project, branch)))
      return errorAnswer(422, [`${branch === source ? 'Source' : 'Target'} branch "${branch}" does not exist`])
  const known = project.mergeRequests.find(
    (request) => request.state === 'opened' && request.sourceBranch === source && request.targetBranch === target,
  )
  return known ? errorAnswer(409, [`Another open merge request already exists for this source branch: !${known.iid}`]) : null
}

function refuseText(body: Record<string, unknown>): Answer | null {
  if (typeof body['title'] === 'string' && body['title'].length > titleLimit)
    return errorAnswer(400, { title: [`is too long (maximum is ${titleLimit} characters)`] })
  if (typeof body['description'] === 'string' && body['description'].length > descriptionLimit)
    return errorAnswer(400, { description: [`is too long (maximum is ${descriptionLimit} characters)`] })
  return null
}

/** People who may not see the project are left out without a word, as GitLab does. */
function reviewersOf({ state, project }: MergeRequestCall, ids: unknown[]): string[] {
  const members = state.tokens.filter((token) => roleIn(token, project) > 0).map(({ username }) => username)
  return [...members, ...state.people].filter((username) => ids.includes(userId(username)))
}

function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String)
  return typeof value === 'string' && value !== '' ? value.split(',').map((label) => label.trim()) : []
}
