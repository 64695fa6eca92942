// Vercel at the wire: a server of its own on a loopback port that keeps projects and deployments in memory. Builds do not
// progress by themselves; a test says when.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type DoubleDeployment,
  type DoubleFault,
  type DoubleProject,
  newId,
  type SeenRequest,
  type State,
  type VercelState,
} from './double-state.ts'
import { answerVercel } from './routes.ts'

export interface VercelDouble {
  url: string
  /** Every request that had a valid token, oldest first. */
  requests: SeenRequest[]
  /** `defaultTeamId`: what is meant by a call that names no team. */
  addUser(token: string, name?: string, defaultTeamId?: string): void
  addTeam(input: { slug: string; tokens: string[] }): { id: string }
  /** From now on the token is not valid. */
  revoke(token: string): void
  addProject(input: { name: string; tokens: string[]; teamId?: string; link?: DoubleProject['link'] }): DoubleProject
  projects(): readonly DoubleProject[]
  /** Vercel sees none of the owner's repositories any more, or all again. */
  setApp(owner: string, app: 'installed' | 'missing'): void
  deployments(): readonly DoubleDeployment[]
  /** As Vercel's own git integration does for a pushed commit. */
  deploy(input: { project: string; sha: string; branch: string; target?: 'production' }): DoubleDeployment
  progress(id: string, state: State, more?: { problem?: string; log?: string[] }): void
  production(project: string): string | null
  fault(fault: Omit<DoubleFault, 'times'> & { times?: number }): void
  close(): Promise<void>
}

export async function startVercelDouble(): Promise<VercelDouble> {
  const state: VercelState = {
    users: new Map(),
    teams: [],
    projects: [],
    deployments: [],
    withoutApp: new Set(),
    faults: [],
    requests: [],
    nowMs: Date.parse('2026-11-01T00:00:00Z'),
  }
  const server = createServer((request, response) => void answer(request, response))
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://double.invalid')
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? ''
    const method = request.method ?? 'GET'
    const seen: SeenRequest = { method, path: url.pathname, query: Object.fromEntries(url.searchParams), body }
    if (state.users.has(token)) state.requests.push(seen)
    const fault = state.faults.find((one) => one.times > 0 && one.method === method && one.path.test(url.pathname))
    if (fault) fault.times -= 1
    if (fault?.kind === 'silence') return
    if (fault?.kind === 'status') {
      await fault.meanwhile?.()
      response.writeHead(fault.status ?? 500, { 'content-type': 'application/json', ...fault.headers })
      return void response.end(JSON.stringify({ error: { code: 'double_fault', message: 'as the test wanted' } }))
    }
    const answer = answerVercel(state, { method, path: url.pathname, query: url.searchParams, body, token }) ?? {
      status: 404,
      body: { error: { code: 'not_found', message: `the double has no ${method} ${url.pathname}` } },
    }
    seen.answer = answer
    if (fault?.kind === 'lost-answer') {
      await fault.meanwhile?.()
      return void request.socket.destroy()
    }
    const sent = answer.body === null ? '' : JSON.stringify(answer.body)
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(fault?.kind === 'cut' ? sent.slice(0, Math.floor(sent.length / 2)) : sent)
  }
  // A connection that is closed for having rested, just as it is used again, would be a fault that no test has ordered.
  server.keepAliveTimeout = 600_000
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const find = (id: string): DoubleDeployment => {
    const found = state.deployments.find((one) => one.id === id)
    if (!found) throw new Error(`the double has no deployment ${id}`)
    return found
  }
  const projectOf = (name: string): DoubleProject => {
    const found = state.projects.find((one) => one.name === name)
    if (!found) throw new Error(`the double has no project ${name}`)
    return found
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: state.requests,
    addUser: (token, name = 'ada', defaultTeamId) =>
      void state.users.set(token, { id: newId('usr'), name, defaultTeamId: defaultTeamId ?? null }),
    addTeam({ slug, tokens }) {
      const team = { id: newId('team'), slug, name: `Team ${slug}`, tokens: new Set(tokens) }
      state.teams.push(team)
      return team
    },
    revoke: (token) => void state.users.delete(token),
    addProject({
      name,
      tokens,
      teamId = null,
      link = null,
    }: {
      name: string
      tokens: string[]
      teamId?: string | null
      link?: DoubleProject['link']
    }) {
      const project: DoubleProject = { id: newId('prj'), name, tokens: new Set(tokens), teamId, link, productionId: null }
      state.projects.push(project)
      return project
    },
    projects: () => state.projects,
    setApp: (owner, app) => void (app === 'missing' ? state.withoutApp.add(owner) : state.withoutApp.delete(owner)),
    deployments: () => state.deployments,
    deploy({ project, sha, branch, target }) {
      const deployment: DoubleDeployment = {
        id: newId('dpl'),
        projectId: projectOf(project).id,
        state: 'QUEUED',
        target: target ?? null,
        sha,
        branch,
        meta: {},
        createdMs: state.nowMs++,
        problem: null,
        log: [],
        wasProduction: false,
      }
      state.deployments.push(deployment)
      return deployment
    },
    progress(id, next, { problem = null, log = [] }: { problem?: string | null; log?: string[] } = {}) {
      const deployment = find(id)
      deployment.state = next
      deployment.problem = problem
      for (const text of log) deployment.log.push({ type: 'stdout', text, created: state.nowMs++ })
      if (next === 'READY' && deployment.target === 'production') {
        const project = state.projects.find((one) => one.id === deployment.projectId)
        if (project) project.productionId = id
        deployment.wasProduction = true
      }
    },
    production: (name) => projectOf(name).productionId,
    fault: (fault) => void state.faults.push({ times: 1, ...fault }),
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
