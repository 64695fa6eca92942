// Clone, fetch and push of the double: git's own http-backend behind Basic authentication, refusing in GitHub's words.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { runBackend } from '../git-http/run-backend.ts'
import { accessTo, type DoubleRepository, type DoubleState, type DoubleToken, findRepository } from './double-state.ts'

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
  await runBackend({ ...input, directory: ruling.repository.directory, login: ruling.login, service, query: target.search.slice(1) })
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
  const access = accessTo(repository, token)
  if (repository.isPrivate && access === 'none') return refuse(404, 'Repository not found.')
  if (call.isPush && access !== 'write') return refuse(403, `Permission to ${repository.slug}.git denied to ${token?.login}.`)
  if (call.isPush && repository.isArchived) return refuse(403, 'This repository was archived so it is read-only.')
  return { ok: true, repository, login: token?.login ?? null }
}

function basicToken(state: DoubleState, authorization: string | null): DoubleToken | 'invalid' | null {
  if (authorization === null) return null
  const encoded = /^basic (.+)$/i.exec(authorization)?.[1] ?? ''
  const password = Buffer.from(encoded, 'base64').toString().split(':').slice(1).join(':')
  if (state.revoked.has(password)) return 'invalid'
  return state.tokens.find((token) => token.token === password) ?? 'invalid'
}
