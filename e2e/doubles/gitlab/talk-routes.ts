// Issues, discussions, emoji, statuses and traces as GitLab answers them.

import type { TalkComment } from '../talk.ts'
import { type Answer, errorAnswer, json, missingScope, notFound } from './answer.ts'
import { roleIn } from './double-state.ts'
import type { MergeRequestCall } from './merge-request-routes.ts'
import { userId, userShape } from './shapes.ts'

export interface TalkCall extends MergeRequestCall {
  method: string
  query: URLSearchParams
}

type Kind = TalkComment['on']['kind']
type Parts = (string | undefined)[]

/** null: it is about something else. */
export function answerTalk(call: TalkCall, rest: string): Answer | null {
  for (const [method, pattern, answer] of routes) {
    const found = pattern.exec(rest)
    if (found && method === call.method) return answer(call, found.slice(1))
  }
  return null
}

const subject = '/(issues|merge_requests)/(\\d+)'
const at = (rest: string): RegExp => new RegExp(`^${subject}${rest}$`)
const routes: [method: string, pattern: RegExp, answer: (call: TalkCall, parts: Parts) => Answer][] = [
  ['GET', /^\/members\/all$/, (call) => listMembers(call)],
  ['GET', /^\/issues\/(\d+)$/, (call, [iid]) => getIssue(call, Number(iid))],
  ['GET', at('/discussions'), (call, [part, iid]) => listDiscussions(call, kindOf(part), Number(iid))],
  ['POST', at('/notes'), (call, [part, iid]) => addNote(call, { kind: kindOf(part), number: Number(iid) }, null)],
  [
    'POST',
    at('/discussions/([0-9a-f]+)/notes'),
    (call, [part, iid, id]) => addNote(call, { kind: kindOf(part), number: Number(iid) }, id ?? ''),
  ],
  [
    'POST',
    at('(?:/notes/(\\d+))?/award_emoji'),
    (call, [part, iid, note]) => award(call, { kind: kindOf(part), number: Number(iid) }, note),
  ],
  ['GET', /^\/repository\/commits\/([0-9a-f]{40})\/statuses$/, (call, [sha]) => listStatuses(call, sha ?? '')],
  ['GET', /^\/jobs\/(\d+)\/trace$/, (call, [id]) => getTrace(call, Number(id))],
]

function kindOf(part: string | undefined): Kind {
  return part === 'issues' ? 'issue' : 'change-request'
}

function exists({ project }: TalkCall, { kind, number }: { kind: Kind; number: number }): boolean {
  return kind === 'issue'
    ? project.talk.issues.some((issue) => issue.number === number)
    : project.mergeRequests.some(({ iid }) => iid === number)
}

function listMembers({ state, project, url, query }: TalkCall): Answer {
  const wanted = query.get('query')?.toLowerCase() ?? ''
  const levels = new Map([...project.talk.writers].map((name): [string, number] => [name, 30]))
  for (const token of state.tokens) if (roleIn(token, project) > 0) levels.set(token.username, roleIn(token, project))
  for (const name of state.people) if (!levels.has(name)) levels.set(name, 20)
  const found = [...levels].filter(([name]) => name.toLowerCase().includes(wanted))
  return json(
    200,
    found.map(([name, level]) => ({ ...userShape(url, name), access_level: level })),
  )
}

function getIssue({ project, url }: TalkCall, iid: number): Answer {
  const issue = project.talk.issues.find(({ number }) => number === iid)
  if (!issue) return notFound()
  const { title, body, author, state, labels, assignees } = issue
  return json(200, {
    id: 100_000 + iid,
    iid,
    title,
    description: body,
    state: state === 'open' ? 'opened' : 'closed',
    web_url: `${url}/${project.path}/-/issues/${iid}`,
    author: userShape(url, author),
    labels,
    assignees: assignees.map((name) => userShape(url, name)),
  })
}

function listDiscussions(call: TalkCall, kind: Kind, number: number): Answer {
  if (!exists(call, { kind, number })) return notFound()
  const { project, url, query } = call
  const about = project.talk.comments.filter(({ on }) => on.kind === kind && on.number === number)
  const perPage = Math.min(Number(query.get('per_page') ?? 20), 100)
  const page = Math.max(Number(query.get('page') ?? 1), 1)
  const threads = about.filter(({ inReplyTo }) => inReplyTo === null).slice((page - 1) * perPage, page * perPage)
  const shapes = threads.map((first) => ({
    id: discussionId(first),
    individual_note: first.place === null,
    notes: [first, ...about.filter(({ inReplyTo }) => inReplyTo === first.id)].map((comment) => noteShape(url, comment)),
  }))
  return json(200, shapes)
}

function discussionId({ id }: TalkComment): string {
  return id.toString(16).padStart(40, '0')
}

function noteShape(url: string, { id, author, isBot, body, place, on }: TalkComment) {
  return {
    id,
    type: place === null ? null : 'DiffNote',
    body,
    author: { ...userShape(url, author), bot: isBot },
    system: false,
    noteable_iid: on.number,
    resolvable: place !== null,
    position:
      place === null ? null : { position_type: 'text', new_path: place.path, new_line: place.line, old_path: place.path, old_line: null },
  }
}

function addNote(call: TalkCall, on: TalkComment['on'], thread: string | null): Answer {
  const { project, token, state, url, body } = call
  if (token.scope !== 'api') return missingScope()
  if (!exists(call, on)) return notFound()
  if (typeof body['body'] !== 'string' || body['body'].trim() === '') return errorAnswer(400, 'body is missing')
  const first = thread === null ? null : project.talk.comments.find((one) => discussionId(one) === thread && one.on.number === on.number)
  if (first === undefined) return notFound('404 Discussion Not Found')
  const comment: TalkComment = {
    id: state.nextId(),
    on,
    author: token.username,
    isBot: false,
    body: body['body'],
    place: first?.place ?? null,
    inReplyTo: first?.id ?? null,
  }
  project.talk.comments.push(comment)
  return json(201, noteShape(url, comment))
}

/** The second one of a person is refused as if it were not there. */
function award(call: TalkCall, on: TalkComment['on'], note: string | undefined): Answer {
  const { project, token, body } = call
  if (token.scope !== 'api') return missingScope()
  if (!exists(call, on)) return notFound()
  const commentId = note === undefined ? null : Number(note)
  if (commentId !== null && !project.talk.comments.some(({ id }) => id === commentId)) return notFound()
  const name = String(body['name'])
  const { reactions } = project.talk
  const isTaken = reactions.some(
    (one) =>
      one.on.kind === on.kind &&
      one.on.number === on.number &&
      one.commentId === commentId &&
      one.author === token.username &&
      one.name === name,
  )
  if (isTaken) return errorAnswer(404, '404 Award Emoji Name has already been taken Not Found')
  reactions.push({ on, commentId, author: token.username, name })
  return json(201, { id: reactions.length, name, user: { id: userId(token.username) } })
}

function listStatuses({ project, url }: TalkCall, sha: string): Answer {
  const status = { pending: 'running', passed: 'success', failed: 'failed' }
  const found = project.talk.checks.filter(({ oid }) => oid === sha)
  return json(
    200,
    found.map(({ id, name, state, log }) => ({
      id,
      sha,
      name,
      status: status[state],
      description: null,
      target_url: log === null ? 'https://checks.example.org/1' : `${url}/${project.path}/-/jobs/${id}`,
      allow_failure: false,
    })),
  )
}

function getTrace({ project }: TalkCall, id: number): Answer {
  const check = project.talk.checks.find((one) => one.id === id)
  if (!check || check.log === null) return notFound()
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from(check.log) }
}
