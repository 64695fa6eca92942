// Issues, comments, reactions, checks and logs as GitHub answers them.

import type { TalkComment } from '../talk.ts'
import { type Answer, errorAnswer, json, missingPermission, notFound } from './answer.ts'
import { accessTo } from './double-state.ts'
import type { PullCall } from './pull-routes.ts'
import { userShape } from './shapes.ts'
import { checkRunShape, combinedStatusShape, commentShape, issueShape, reactionShape } from './talk-shapes.ts'

export interface TalkCall extends PullCall {
  method: string
  query: URLSearchParams
}

/** null: it is about something else. */
export function answerTalk(call: TalkCall, rest: string): Answer | null {
  for (const [method, pattern, answer] of routes) {
    const found = pattern.exec(rest)
    if (found && method === call.method) return answer(call, found.slice(1).map(decodeURIComponent))
  }
  return null
}

const routes: [method: string, pattern: RegExp, answer: (call: TalkCall, parts: string[]) => Answer][] = [
  ['GET', /^\/collaborators\/([^/]+)\/permission$/, (call, [login = '']) => permissionOf(call, login)],
  ['GET', /^\/issues\/(\d+)$/, (call, [number]) => getIssue(call, Number(number))],
  ['GET', /^\/issues\/(\d+)\/comments$/, (call, [number]) => listComments(call, Number(number), (comment) => comment.place === null)],
  ['POST', /^\/issues\/(\d+)\/comments$/, (call, [number]) => addComment(call, Number(number), null)],
  ['POST', /^\/issues\/(\d+)\/reactions$/, (call, [number]) => react(call, Number(number), null)],
  ['POST', /^\/issues\/comments\/(\d+)\/reactions$/, (call, [id]) => reactToComment(call, Number(id))],
  ['GET', /^\/pulls\/(\d+)\/comments$/, (call, [number]) => listComments(call, Number(number), (comment) => comment.place !== null)],
  ['POST', /^\/pulls\/(\d+)\/comments\/(\d+)\/replies$/, (call, [number, id]) => addComment(call, Number(number), Number(id))],
  ['GET', /^\/pulls\/(\d+)\/reviews$/, () => json(200, [])],
  ['GET', /^\/commits\/([0-9a-f]{40})\/check-runs$/, (call, [oid]) => listRuns(call, oid ?? '')],
  ['GET', /^\/commits\/([0-9a-f]{40})\/status$/, (call, [oid]) => combinedStatus(call, oid ?? '')],
  ['GET', /^\/actions\/jobs\/(\d+)\/logs$/, (call, [id]) => redirectToLog(call, Number(id))],
]

/** Logs lie in a store of their own; it refuses whoever sends it a token, as the real one does. */
export function answerLog(logs: Map<string, string>, path: string, authorization: string | null): Answer {
  const log = logs.get(path)
  if (log === undefined) return notFound()
  if (authorization !== null) return errorAnswer(400, 'InvalidAuthenticationInfo')
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from(log) }
}

function permissionOf({ repository, state, addresses, token }: TalkCall, login: string): Answer {
  if (accessTo(repository, token) !== 'write') return errorAnswer(403, 'Must have push access to view collaborator permission.')
  const known = state.tokens.find((one) => one.login === login)
  const isWriter = repository.talk.writers.has(login) || (known !== undefined && accessTo(repository, known) === 'write')
  const permission = isWriter ? 'write' : repository.isPrivate ? 'none' : 'read'
  return json(200, { permission, role_name: permission, user: { ...userShape(addresses, login), role_name: permission } })
}

function getIssue(call: TalkCall, number: number): Answer {
  const issue = call.repository.talk.issues.find((one) => one.number === number)
  if (!issue) return notFound()
  return json(200, issueShape(call, issue))
}

function exists({ repository }: TalkCall, number: number): 'issue' | 'change-request' | null {
  if (repository.talk.issues.some((issue) => issue.number === number)) return 'issue'
  return repository.pulls.some((pull) => pull.number === number) ? 'change-request' : null
}

function listComments(call: TalkCall, number: number, isWanted: (comment: TalkComment) => boolean): Answer {
  if (exists(call, number) === null) return notFound()
  const perPage = Math.min(Number(call.query.get('per_page') ?? 30), 100)
  const page = Math.max(Number(call.query.get('page') ?? 1), 1)
  const found = call.repository.talk.comments.filter((comment) => comment.on.number === number && isWanted(comment))
  return json(
    200,
    found.slice((page - 1) * perPage, page * perPage).map((comment) => commentShape(call, comment)),
  )
}

function addComment(call: TalkCall, number: number, inReplyTo: number | null): Answer {
  const { token, repository, state, body } = call
  const kind = exists(call, number)
  if (kind === null) return notFound()
  if (!token) return errorAnswer(401, 'Requires authentication')
  if (token.pullRequests !== 'write') return missingPermission('issues=write; pull_requests=write')
  if (typeof body['body'] !== 'string' || body['body'].trim() === '') return errorAnswer(422, 'Validation Failed')
  const thread = inReplyTo === null ? null : repository.talk.comments.find(({ id, on }) => id === inReplyTo && on.number === number)
  if (thread === undefined || (thread !== null && (thread.place === null || thread.inReplyTo !== null))) return notFound()
  const comment: TalkComment = {
    id: state.nextId(),
    on: { kind, number },
    author: token.login,
    isBot: false,
    body: body['body'],
    place: thread?.place ?? null,
    inReplyTo,
  }
  repository.talk.comments.push(comment)
  return json(201, commentShape(call, comment))
}

function reactToComment(call: TalkCall, id: number): Answer {
  const comment = call.repository.talk.comments.find((one) => one.id === id && one.place === null)
  return comment ? react(call, comment.on.number, id) : notFound()
}

/** The second one of a person is answered with the first. */
function react(call: TalkCall, number: number, commentId: number | null): Answer {
  const { token, repository, body } = call
  const kind = exists(call, number)
  if (kind === null) return notFound()
  if (!token) return errorAnswer(401, 'Requires authentication')
  const name = String(body['content'])
  if (!['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes'].includes(name)) return errorAnswer(422, 'Validation Failed')
  const { reactions } = repository.talk
  const isSame = (one: (typeof reactions)[number]) =>
    one.on.number === number && one.commentId === commentId && one.author === token.login && one.name === name
  const known = reactions.findIndex(isSame)
  if (known < 0) reactions.push({ on: { kind, number }, commentId, author: token.login, name })
  const id = known < 0 ? reactions.length : known + 1
  return json(known < 0 ? 201 : 200, reactionShape(call, { id, login: token.login, content: name }))
}

function listRuns(call: TalkCall, oid: string): Answer {
  const runs = call.repository.talk.checks.filter((check) => check.oid === oid && check.log !== null)
  return json(200, { total_count: runs.length, check_runs: runs.map((run) => checkRunShape(call, run)) })
}

function combinedStatus(call: TalkCall, oid: string): Answer {
  const others = call.repository.talk.checks.filter((check) => check.oid === oid && check.log === null)
  return json(200, combinedStatusShape(call, oid, others))
}

function redirectToLog({ repository, state, token, addresses }: TalkCall, id: number): Answer {
  if (accessTo(repository, token) === 'none') return notFound()
  const check = repository.talk.checks.find((one) => one.id === id)
  if (!check || check.log === null) return notFound()
  const path = `/logs/${id}`
  state.logs.set(path, check.log)
  // Another origin, as the real store is.
  return json(302, {}, { location: `${addresses.url.replace('127.0.0.1', 'localhost')}${path}` })
}
