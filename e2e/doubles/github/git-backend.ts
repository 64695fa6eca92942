// Clone, fetch and push of the double: git's own http-backend behind Basic authentication, refusing in GitHub's words.

import { spawn } from 'node:child_process'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import { type DoubleRepository, type DoubleState, type DoubleToken, findRepository } from './double-state.ts'
import { isolatedGitEnvironment } from './git-command.ts'

export const gitPath = /^\/([\w.-]+\/[\w.-]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/

/** Answers one request of git's smart HTTP protocol. With `isMuted` the work is done and nothing is sent. */
export async function answerGit(input: {
  state: DoubleState
  url: string
  request: IncomingMessage
  response: ServerResponse
  isMuted: boolean
}): Promise<void> {
  const target = new URL(input.request.url ?? '/', input.url)
  const [, slug = '', service = ''] = gitPath.exec(target.pathname) ?? []
  const isPush = service === 'git-receive-pack' || target.searchParams.get('service') === 'git-receive-pack'
  const ruling = ruleOnAccess(input.state, input.url, {
    slug,
    isPush,
    authorization: input.request.headers.authorization ?? null,
    tail: `${service}${target.search}`,
  })
  if (!ruling.ok) {
    input.request.resume()
    input.response.writeHead(ruling.status, { 'content-type': 'text/plain', ...ruling.headers }).end(`${ruling.message}\n`)
    return
  }
  await runBackend({ ...input, repository: ruling.repository, login: ruling.login, service, query: target.search.slice(1) })
}

type Ruling =
  | { ok: true; repository: DoubleRepository; login: string | null }
  | { ok: false; status: number; message: string; headers: Record<string, string> }

function ruleOnAccess(
  state: DoubleState,
  url: string,
  call: { slug: string; isPush: boolean; authorization: string | null; tail: string },
): Ruling {
  const refuse = (status: number, message: string, headers: Record<string, string> = {}): Ruling => ({
    ok: false,
    status,
    message,
    headers,
  })
  const signIn = { 'www-authenticate': 'Basic realm="GitHub"' }
  const token = basicToken(state, call.authorization)
  if (token === 'invalid')
    return refuse(401, 'Invalid username or token. Password authentication is not supported for Git operations.', signIn)
  const repository = findRepository(state, call.slug)
  if (!repository) {
    const renamedTo = state.repositories.find(({ id }) => id === state.renamed.get(call.slug.toLowerCase()))
    if (renamedTo) return refuse(301, 'Moved Permanently', { location: `${url}/${renamedTo.slug}.git/${call.tail}` })
    return token ? refuse(404, 'Repository not found.') : refuse(401, 'Repository not found.', signIn)
  }
  if (!token && (repository.isPrivate || call.isPush)) return refuse(401, 'Authentication required.', signIn)
  if (repository.isPrivate && token?.contents === 'none') return refuse(404, 'Repository not found.')
  if (call.isPush && token?.contents !== 'write') return refuse(403, `Permission to ${repository.slug}.git denied to ${token?.login}.`)
  if (call.isPush && repository.isArchived) return refuse(403, 'This repository was archived so it is read-only.')
  return { ok: true, repository, login: token?.login ?? null }
}

function basicToken(state: DoubleState, authorization: string | null): DoubleToken | 'invalid' | null {
  if (authorization === null) return null
  const encoded = /^basic (.+)$/i.exec(authorization)?.[1] ?? ''
  const password = Buffer.from(encoded, 'base64').toString().split(':').slice(1).join(':')
  return state.tokens.find((token) => token.token === password) ?? 'invalid'
}

interface BackendCall {
  request: IncomingMessage
  response: ServerResponse
  isMuted: boolean
  repository: DoubleRepository
  login: string | null
  service: string
  query: string
}

function runBackend(call: BackendCall): Promise<void> {
  const header = (name: string) => String(call.request.headers[name] ?? '')
  const contentLength = header('content-length')
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      ...isolatedGitEnvironment,
      GIT_PROJECT_ROOT: call.repository.directory,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${call.service}`,
      REQUEST_METHOD: call.request.method ?? 'GET',
      QUERY_STRING: call.query,
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
      ...(contentLength && { CONTENT_LENGTH: contentLength }),
      ...(call.login && { REMOTE_USER: call.login }),
    },
  })
  // git closes its input early when it refuses; that is no failure of the double.
  child.stdin.on('error', () => {})
  call.request.pipe(child.stdin)
  relayCgi(child.stdout, call.isMuted ? null : call.response)
  return new Promise((resolve) => child.on('close', () => resolve()))
}

/** CGI output is a header block, an empty line, then the body. */
function relayCgi(output: NodeJS.ReadableStream, response: ServerResponse | null): void {
  let head: Buffer | null = Buffer.alloc(0)
  output.on('data', (chunk: Buffer) => {
    if (head === null) return void response?.write(chunk)
    head = Buffer.concat([head, chunk])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    if (response) sendHead(response, head.subarray(0, end).toString(), head.subarray(end + 4))
    head = null
  })
  output.on('end', () => response?.end())
}

function sendHead(response: ServerResponse & Writable, head: string, rest: Buffer): void {
  const fields = head.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const)
  const status = fields.find(([name]) => name.toLowerCase() === 'status')?.[1]
  for (const [name, value] of fields) if (name.toLowerCase() !== 'status') response.setHeader(name, value)
  response.writeHead(status ? Number.parseInt(status, 10) : 200)
  response.write(rest)
}
