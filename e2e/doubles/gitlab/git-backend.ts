// Clone, fetch and push of the double: git's own http-backend behind Basic authentication, refusing in GitLab's words.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { runBackend } from '../git-http/run-backend.ts'
import { type DoubleProject, type DoubleState, type DoubleToken, findMoved, findProject, roleIn } from './double-state.ts'
import { maySee } from './routes.ts'

export const gitPath = /^\/([\w.-]+(?:\/[\w.-]+?)+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/

/** `pathname` is below the path that GitLab lies at. With `isMuted` the work is done and nothing is sent. */
export async function answerGit(input: {
  state: DoubleState
  url: string
  pathname: string
  query: URLSearchParams
  request: IncomingMessage
  response: ServerResponse
  isMuted: boolean
}): Promise<void> {
  const [, path = '', service = ''] = gitPath.exec(input.pathname) ?? []
  const isPush = service === 'git-receive-pack' || input.query.get('service') === 'git-receive-pack'
  const ruling = ruleOnAccess(input.state, { path, isPush, authorization: input.request.headers.authorization ?? null })
  if (ruling.kind === 'run') {
    const { project, username: login } = ruling
    await runBackend({ ...input, directory: project.directory, login, service, query: input.query.toString() })
    return
  }
  input.request.resume()
  const tail = `${service}${input.query.size > 0 ? `?${input.query}` : ''}`
  const headers = ruling.kind === 'moved' ? { location: `${input.url}/${ruling.path}.git/${tail}` } : ruling.headers
  input.response.writeHead(ruling.kind === 'moved' ? 301 : ruling.status, { 'content-type': 'text/plain', ...headers })
  input.response.end(ruling.kind === 'moved' ? 'Moved' : `${ruling.message}\n`)
}

type Ruling =
  | { kind: 'run'; project: DoubleProject; username: string | null }
  | { kind: 'moved'; path: string }
  | { kind: 'refuse'; status: number; message: string; headers: Record<string, string> }

function ruleOnAccess(state: DoubleState, call: { path: string; isPush: boolean; authorization: string | null }): Ruling {
  const refuse = (status: number, message: string, headers: Record<string, string> = {}): Ruling => ({
    kind: 'refuse',
    status,
    message,
    headers,
  })
  const signIn = { 'www-authenticate': 'Basic realm="GitLab"' }
  const token = basicToken(state, call.authorization)
  if (token === 'invalid')
    return refuse(401, 'HTTP Basic: Access denied. If a password was provided for Git authentication, the password was incorrect.', signIn)
  const project = findProject(state, call.path)
  const moved = project ? null : findMoved(state, call.path)
  if (moved) return { kind: 'moved', path: moved.path }
  if (!project || !maySee(project, token)) {
    const message = 'The project you were looking for could not be found or you do not have permission to view it.'
    return token ? refuse(404, message) : refuse(401, 'HTTP Basic: Access denied.', signIn)
  }
  if (call.isPush && !token) return refuse(401, 'HTTP Basic: Access denied.', signIn)
  const mayPush = token !== null && token.scope === 'api' && roleIn(token, project) >= 30 && !project.isArchived
  if (call.isPush && !mayPush) return refuse(403, 'You are not allowed to push code to this project.')
  return { kind: 'run', project, username: token?.username ?? null }
}

function basicToken(state: DoubleState, authorization: string | null): DoubleToken | 'invalid' | null {
  if (authorization === null) return null
  const encoded = /^basic (.+)$/i.exec(authorization)?.[1] ?? ''
  const password = Buffer.from(encoded, 'base64').toString().split(':').slice(1).join(':')
  if (state.revoked.has(password)) return 'invalid'
  return state.tokens.find((token) => token.token === password) ?? 'invalid'
}
