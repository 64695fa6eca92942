// The routes of Vercel's API that Slipway calls, with the rules that matter: who sees what, what may follow what, pages.

import {
  type DoubleDeployment,
  type DoubleProject,
  deploymentBody,
  listedDeployment,
  newId,
  projectBody,
  type VercelState,
} from './double-state.ts'

export interface Answer {
  status: number
  body: unknown
}

export interface Call {
  method: string
  path: string
  query: URLSearchParams
  body: Record<string, unknown>
  token: string
}

const fail = (status: number, code: string, message: string): Answer => ({ status, body: { error: { code, message } } })
const missing = (what: string): Answer => fail(404, 'not_found', `${what} not found`)
const endless = new Set(['READY', 'ERROR', 'CANCELED'])

/** null: there is no such route. */
export function answerVercel(state: VercelState, call: Call): Answer | null {
  const user = state.users.get(call.token)
  if (user === undefined) return fail(403, 'invalid_token', 'The token provided is not valid')
  const asked = call.query.get('teamId')
  if (asked !== null && !state.teams.some(({ id, tokens }) => id === asked && tokens.has(call.token)))
    return fail(403, 'forbidden', 'You don’t have permission to access the team')
  const team = asked ?? user.defaultTeamId
  const own = state.projects.filter(({ tokens, teamId }) => tokens.has(call.token) && teamId === team)
  const parts = call.path.split('/').filter(Boolean).map(decodeURIComponent)
  const [version = '', kind = '', id = '', verb = '', other = ''] = parts
  const route = `${call.method} ${version} ${kind} ${parts.length}`
  if (route === 'GET v2 user 2') return { status: 200, body: { user: userBody(user) } }
  if (route === 'GET v2 teams 2') return listTeams(state, call.token)
  if (route === 'POST v11 projects 2') return createProject(state, call, team)
  if (kind === 'projects') return answerProjects(state, own, call, { route, id, verb, other })
  if (kind === 'deployments') return answerDeployments(state, own, call, { route, id, verb })
  return null
}

function userBody({ id, name, defaultTeamId }: { id: string; name: string; defaultTeamId: string | null }): Record<string, unknown> {
  return { id, username: name, name: null, email: 'x@example.org', avatar: null, defaultTeamId }
}

function listTeams({ teams }: VercelState, token: string): Answer {
  const own = teams.filter(({ tokens }) => tokens.has(token)).map(({ id, slug, name }) => ({ id, slug, name, createdAt: 0 }))
  return { status: 200, body: { teams: own, pagination: { count: own.length, next: null, prev: null } } }
}

function answerProjects(
  state: VercelState,
  own: DoubleProject[],
  call: Call,
  { route, id, verb, other }: { route: string; id: string; verb: string; other: string },
): Answer | null {
  if (route === 'GET v10 projects 2') return listProjects(own, call.query)
  const project = own.find((one) => one.id === id || one.name === id)
  if (project === undefined) return missing('Project')
  if (route === 'GET v9 projects 3') return { status: 200, body: projectBody(project) }
  if (
    call.method !== 'POST' ||
    !((verb === 'promote' && route.startsWith('POST v10')) || (verb === 'rollback' && route.startsWith('POST v9')))
  )
    return null
  const deployment = state.deployments.find((one) => one.id === other && one.projectId === project.id)
  if (deployment === undefined) return missing('Deployment')
  if (deployment.state !== 'READY') return fail(400, 'bad_request', 'The deployment is not ready')
  if (verb === 'rollback' && !deployment.wasProduction)
    return fail(400, 'bad_request', 'Only a deployment that was in production can be rolled back to')
  if (project.productionId === deployment.id) return fail(409, 'conflict', 'The deployment is already the current production deployment')
  const current = state.deployments.find((one) => one.id === project.productionId)
  if (current) current.wasProduction = true
  deployment.wasProduction = true
  project.productionId = deployment.id
  return { status: 202, body: null }
}

function listProjects(own: DoubleProject[], query: URLSearchParams): Answer {
  const search = query.get('search') ?? ''
  const slug = query.get('repoUrl')?.replace(/^https?:\/\/[^/]+\//, '')
  const found = own.filter(({ name, link }) => name.includes(search) && (slug === undefined || link?.slug === slug))
  const start = Number(query.get('from') ?? 0)
  const limit = Math.min(Number(query.get('limit') ?? 20), 100)
  const next = start + limit < found.length ? String(start + limit) : null
  return {
    status: 200,
    body: { projects: found.slice(start, start + limit).map(projectBody), pagination: { count: limit, next, prev: null } },
  }
}

function createProject(state: VercelState, { body, token }: Call, teamId: string | null): Answer {
  const name = typeof body['name'] === 'string' ? body['name'] : ''
  if (!/^(?!.*---)[a-z0-9][a-z0-9._-]{0,99}$/.test(name))
    return fail(400, 'bad_request', 'A project name may hold lower-case letters, digits, . _ -')
  const tokens = teamId === null ? new Set([token]) : (state.teams.find(({ id }) => id === teamId)?.tokens ?? new Set([token]))
  const isSameOwner = (one: DoubleProject) => one.teamId === teamId && (teamId !== null || one.tokens.has(token))
  if (state.projects.some((one) => one.name === name && isSameOwner(one)))
    return fail(409, 'conflict', `Project "${name}" already exists, please use a new name.`)
  const repository = body['gitRepository'] as { type: 'github' | 'gitlab'; repo: string } | undefined
  if (repository && state.withoutApp.has(repository.repo.split('/')[0] ?? '')) return appMissing(repository)
  const link = repository ? { type: repository.type, slug: repository.repo, repositoryId: '1', productionBranch: 'main' } : null
  const project: DoubleProject = { id: newId('prj'), name, tokens: new Set(tokens), teamId, link, productionId: null }
  state.projects.push(project)
  return { status: 200, body: projectBody(project) }
}

/** As Vercel says it, with the way out beside it. */
function appMissing({ type, repo }: { type: 'github' | 'gitlab'; repo: string }): Answer {
  const said =
    type === 'github'
      ? {
          message: 'To link a GitHub repository, you need to install the GitHub integration first.',
          link: 'https://github.com/apps/vercel',
        }
      : { message: 'To link a GitLab repository, you need to add a Login Connection to your GitLab account first.' }
  return { status: 400, body: { error: { code: 'bad_request', ...said, repo } } }
}

function answerDeployments(
  state: VercelState,
  own: DoubleProject[],
  call: Call,
  { route, id, verb }: { route: string; id: string; verb: string },
): Answer | null {
  if (route === 'GET v6 deployments 2') return listDeployments(state, own, call.query)
  if (route === 'POST v13 deployments 2') return createDeployment(state, own, call)
  const deployment = state.deployments.find((one) => one.id === id && own.some((project) => project.id === one.projectId))
  if (deployment === undefined) return missing('Deployment')
  if (route === 'GET v13 deployments 3') return { status: 200, body: deploymentBody(state, deployment) }
  if (route === 'GET v3 deployments 4' && verb === 'events') return { status: 200, body: eventsOf(deployment, call.query) }
  if (route !== 'PATCH v12 deployments 4' || verb !== 'cancel') return null
  if (endless.has(deployment.state)) return fail(400, 'bad_request', 'The deployment cannot be canceled any more')
  deployment.state = 'CANCELED'
  return { status: 200, body: deploymentBody(state, deployment) }
}

function listDeployments(state: VercelState, own: DoubleProject[], query: URLSearchParams): Answer {
  const project = own.find(({ id }) => id === query.get('projectId'))
  if (project === undefined) return missing('Project')
  const target = query.get('target')
  const found = state.deployments
    .filter(({ projectId }) => projectId === project.id)
    .filter(({ sha }) => (query.get('sha') ?? sha) === sha)
    .filter(({ branch }) => (query.get('branch') ?? branch) === branch)
    .filter((one) => target === null || (target === 'production') === (one.target === 'production'))
    .map((one) => listedDeployment(state, one))
    .filter(({ isRollbackCandidate }) => query.get('rollbackCandidate') !== 'true' || isRollbackCandidate)
    .toReversed()
  const limit = Math.min(Number(query.get('limit') ?? 20), 100)
  return { status: 200, body: { deployments: found.slice(0, limit), pagination: { count: limit, next: null, prev: null } } }
}

function createDeployment(state: VercelState, own: DoubleProject[], { body }: Call): Answer {
  const project = own.find(({ id, name }) => id === body['project'] || name === body['project'])
  if (project === undefined) return missing('Project')
  const source = body['gitSource'] as { type?: string; repoId?: unknown; projectId?: unknown; ref?: string; sha?: string } | undefined
  const repositoryId = source?.type === 'github' ? source.repoId : source?.projectId
  if (!source?.ref || !source.sha) return fail(400, 'bad_request', 'gitSource needs ref and sha')
  if (source.type !== project.link?.type || String(repositoryId) !== project.link?.repositoryId)
    return fail(400, 'incorrect_git_source_info', 'The git source is not the repository of the project')
  const deployment: DoubleDeployment = {
    id: newId('dpl'),
    projectId: project.id,
    state: 'QUEUED',
    target: body['target'] === 'production' ? 'production' : null,
    sha: source.sha,
    branch: source.ref,
    meta: (body['meta'] ?? {}) as Record<string, string>,
    createdMs: state.nowMs++,
    problem: null,
    log: [],
    wasProduction: false,
  }
  state.deployments.push(deployment)
  return { status: 200, body: deploymentBody(state, deployment) }
}

function eventsOf({ id, log }: DoubleDeployment, query: URLSearchParams): unknown[] {
  const limit = Number(query.get('limit') ?? 10)
  const lines = log.map(({ type, text, created, level }, index) => ({
    type,
    created,
    date: created,
    deploymentId: id,
    id: `${index}`,
    serial: `${index}`,
    info: { type: 'build', name: 'bld_1' },
    text,
    ...(level && { level }),
  }))
  return query.get('direction') === 'backward' ? lines.toReversed().slice(0, limit) : lines.slice(0, limit)
}
