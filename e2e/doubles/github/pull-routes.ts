// Pull requests as GitHub rules on them: the head must be pushed and hold commits, one open pull request per head and base.

import { type Answer, errorAnswer, json, missingPermission, notFound, validationFailed } from './answer.ts'
import { branchOid, type DoublePull, type DoubleRepository, type DoubleState, type DoubleToken } from './double-state.ts'
import { gitOutput } from './git-command.ts'
import { type Addresses, pullListShape, pullShape } from './shapes.ts'

const bodyLimit = 65_536
const titleLimit = 256

export interface PullCall {
  addresses: Addresses
  state: DoubleState
  repository: DoubleRepository
  token: DoubleToken | null
  body: Record<string, unknown>
}

export async function listPulls(call: PullCall, query: URLSearchParams): Promise<Answer> {
  const state = query.get('state') ?? 'open'
  const [owner = ''] = call.repository.slug.split('/')
  const head = query.get('head')
  const base = query.get('base')
  const perPage = Math.min(Number(query.get('per_page') ?? 30), 100)
  const page = Math.max(Number(query.get('page') ?? 1), 1)
  // GitHub ignores a head filter that does not have the form owner:branch.
  const headFilter = head?.includes(':') ? head.toLowerCase() : null
  const found = call.repository.pulls
    .filter((pull) => state === 'all' || pull.state === state)
    .filter((pull) => headFilter === null || `${owner}:${pull.head}`.toLowerCase() === headFilter)
    .filter((pull) => base === null || pull.base === base)
    .sort((a, b) => b.number - a.number)
    .slice((page - 1) * perPage, page * perPage)
  return json(200, await Promise.all(found.map((pull) => pullListShape(call.addresses, call.repository, pull))))
}

export async function getPull(call: PullCall, number: number): Promise<Answer> {
  const pull = call.repository.pulls.find((candidate) => candidate.number === number)
  return pull ? json(200, await pullShape(call.addresses, call.repository, pull)) : notFound()
}

export async function createPull(call: PullCall): Promise<Answer> {
  const { repository, state, token, body } = call
  if (token?.pullRequests !== 'write') return missingPermission('pull_requests=write')
  if (repository.isArchived) return errorAnswer(403, 'Repository was archived so is read-only.')
  const refusal = await refuseCreation(call)
  if (refusal) return refusal
  const now = new Date().toISOString()
  const pull: DoublePull = {
    id: state.nextId(),
    number: repository.pulls.length + repository.talk.issues.length + 1,
    title: String(body['title']),
    body: typeof body['body'] === 'string' ? body['body'] : null,
    head: headBranch(call),
    base: String(body['base']),
    draft: body['draft'] === true,
    state: 'open',
    author: token.login,
    labels: [],
    reviewers: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    mergedAt: null,
    closedHeadOid: null,
  }
  repository.pulls.push(pull)
  return json(201, await pullShape(call.addresses, repository, pull))
}

export async function updatePull(call: PullCall, number: number): Promise<Answer> {
  const { repository, body } = call
  if (call.token?.pullRequests !== 'write') return missingPermission('pull_requests=write')
  const pull = repository.pulls.find((candidate) => candidate.number === number)
  if (!pull) return notFound()
  const problem = textProblem(body)
  if (problem) return problem
  const now = new Date().toISOString()
  if (typeof body['title'] === 'string') pull.title = body['title']
  if (typeof body['body'] === 'string') pull.body = body['body']
  if (body['state'] === 'open' || body['state'] === 'closed') {
    pull.state = body['state']
    pull.closedAt = body['state'] === 'closed' ? now : null
    pull.closedHeadOid = body['state'] === 'closed' ? await branchOid(repository, pull.head) : null
  }
  pull.updatedAt = now
  return json(200, await pullShape(call.addresses, repository, pull))
}

async function refuseCreation(call: PullCall): Promise<Answer | null> {
  const { repository, body } = call
  const invalid = (field: string) => validationFailed({ resource: 'PullRequest', field, code: 'invalid' })
  for (const field of ['head', 'base']) {
    if (typeof body[field] !== 'string') return errorAnswer(422, `Invalid request.\n\n"${field}" wasn't supplied.`)
  }
  if (!body['title']) return validationFailed({ resource: 'PullRequest', field: 'title', code: 'missing_field' })
  const problem = textProblem(body)
  if (problem) return problem
  const head = headBranch(call)
  const base = String(body['base'])
  if (!(await branchOid(repository, head))) return invalid('head')
  if (!(await branchOid(repository, base))) return invalid('base')
  const commits = await gitOutput(repository.directory, ['rev-list', '--count', `refs/heads/${base}..refs/heads/${head}`])
  const custom = (message: string) => validationFailed({ resource: 'PullRequest', code: 'custom', message })
  if (Number(commits) === 0) return custom(`No commits between ${base} and ${head}`)
  const isOpen = repository.pulls.some((pull) => pull.state === 'open' && pull.head === head && pull.base === base)
  if (isOpen) return custom(`A pull request already exists for ${repository.slug.split('/')[0]}:${head}.`)
  if (body['draft'] === true && !repository.hasDrafts) return errorAnswer(422, 'Draft pull requests are not supported in this repository.')
  return null
}

/** `owner:branch` of the same owner and the plain branch name are the same head; other owners' forks do not exist here. */
function headBranch(call: PullCall): string {
  const head = String(call.body['head'])
  const prefix = `${call.repository.slug.split('/')[0]}:`
  return head.startsWith(prefix) ? head.slice(prefix.length) : head
}

function textProblem(body: Record<string, unknown>): Answer | null {
  const tooLong = (field: string, limit: number) =>
    validationFailed({ resource: 'Issue', code: 'custom', field, message: `${field} is too long (maximum is ${limit} characters)` })
  if (typeof body['title'] === 'string' && body['title'].length > titleLimit) return tooLong('title', titleLimit)
  if (typeof body['body'] === 'string' && body['body'].length > bodyLimit) return tooLong('body', bodyLimit)
  return null
}
