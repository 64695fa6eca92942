// Issues, comments, reactions and checks as GitHub's REST API answers them, with every field that its description requires.

import type { Talk, TalkComment } from '../talk.ts'
import type { DoubleRepository } from './double-state.ts'
import { type Addresses, labelShape, linksOf, nodeId, repositoryShape, userShape } from './shapes.ts'

/** When everything was said, as far as the double tells. */
const at = '2026-01-01T00:00:00Z'
const times = { created_at: at, updated_at: at }

interface Place {
  addresses: Addresses
  repository: DoubleRepository
}

function apiOf({ addresses, repository }: Place): string {
  return `${addresses.apiUrl}/repos/${repository.slug}`
}

export function issueShape(place: Place, issue: Talk['issues'][number]) {
  const { addresses, repository } = place
  const url = `${apiOf(place)}/issues/${issue.number}`
  const [assignee = null, ...others] = issue.assignees.map((login) => userShape(addresses, login))
  return {
    id: 500_000 + issue.number,
    node_id: nodeId('Issue', issue.number),
    url,
    repository_url: apiOf(place),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: `${addresses.url}/${repository.slug}/issues/${issue.number}`,
    number: issue.number,
    state: issue.state,
    title: issue.title,
    body: issue.body,
    user: userShape(addresses, issue.author),
    labels: issue.labels.map((name) => labelShape(addresses, repository, name)),
    assignee,
    assignees: assignee === null ? [] : [assignee, ...others],
    milestone: null,
    locked: false,
    comments: repository.talk.comments.filter(({ on }) => on.number === issue.number).length,
    closed_at: issue.state === 'closed' ? at : null,
    author_association: 'CONTRIBUTOR',
    ...times,
  }
}

export function commentShape(place: Place, comment: TalkComment) {
  const { addresses, repository } = place
  const { id, on, body } = comment
  const page = `${addresses.url}/${repository.slug}/${on.kind === 'issue' ? 'issues' : 'pull'}/${on.number}`
  const user = { ...userShape(addresses, comment.author), type: comment.isBot ? 'Bot' : 'User' }
  const common = { id, body, user, author_association: 'CONTRIBUTOR', ...times }
  if (comment.place !== null) return { ...common, ...placedFields(place, { ...comment, place: comment.place }, page) }
  return {
    ...common,
    node_id: nodeId('IssueComment', id),
    url: `${apiOf(place)}/issues/comments/${id}`,
    issue_url: `${apiOf(place)}/issues/${on.number}`,
    html_url: `${page}#issuecomment-${id}`,
  }
}

function placedFields(from: Place, { id, on, place, inReplyTo }: TalkComment & { place: { path: string; line: number } }, page: string) {
  const [url, html, pull] = [`${apiOf(from)}/pulls/comments/${id}`, `${page}#discussion_r${id}`, `${apiOf(from)}/pulls/${on.number}`]
  return {
    node_id: nodeId('PullRequestReviewComment', id),
    url,
    html_url: html,
    pull_request_url: pull,
    pull_request_review_id: null,
    diff_hunk: '@@ -1 +1 @@',
    path: place.path,
    line: place.line,
    commit_id: '0'.repeat(40),
    original_commit_id: '0'.repeat(40),
    original_position: place.line,
    position: place.line,
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pull } },
    ...(inReplyTo === null ? {} : { in_reply_to_id: inReplyTo }),
  }
}

export function reactionShape({ addresses }: Place, { id, login, content }: { id: number; login: string; content: string }) {
  return { id, node_id: nodeId('Reaction', id), user: userShape(addresses, login), content, created_at: at }
}

export function checkRunShape(place: Place, { id, name, oid, state }: Talk['checks'][number]) {
  const page = `${place.addresses.url}/${place.repository.slug}/actions/runs/1/job/${id}`
  const url = `${apiOf(place)}/check-runs/${id}`
  return {
    id,
    node_id: nodeId('CheckRun', id),
    name,
    head_sha: oid,
    external_id: String(id),
    url,
    html_url: page,
    details_url: page,
    status: state === 'pending' ? 'in_progress' : 'completed',
    conclusion: state === 'pending' ? null : state === 'passed' ? 'success' : 'failure',
    started_at: at,
    completed_at: state === 'pending' ? null : at,
    output: { title: null, summary: null, text: null, annotations_count: 0, annotations_url: `${url}/annotations` },
    check_suite: { id: 1 },
    app: actionsShape(place.addresses),
    pull_requests: [],
  }
}

function actionsShape(addresses: Addresses) {
  return {
    id: 15_368,
    node_id: nodeId('App', 15_368),
    slug: 'github-actions',
    owner: userShape(addresses, 'github'),
    name: 'GitHub Actions',
    description: null,
    external_url: 'https://help.example/actions',
    html_url: `${addresses.url}/apps/github-actions`,
    permissions: { checks: 'write' },
    events: [],
    ...times,
  }
}

export function combinedStatusShape(place: Place, oid: string, checks: Talk['checks']) {
  const url = `${apiOf(place)}/statuses/${oid}`
  const {
    id,
    node_id,
    name,
    full_name,
    owner,
    private: isPrivate,
    html_url,
    description,
    fork,
  } = repositoryShape(place.addresses, place.repository, null)
  return {
    state: 'pending',
    sha: oid,
    total_count: checks.length,
    statuses: checks.map((check) => ({
      id: check.id,
      node_id: nodeId('StatusContext', check.id),
      context: check.name,
      state: check.state === 'passed' ? 'success' : check.state === 'failed' ? 'failure' : 'pending',
      description: `${check.name} says ${check.state}`,
      target_url: null,
      avatar_url: null,
      url,
      ...times,
    })),
    repository: {
      id,
      node_id,
      name,
      full_name,
      owner,
      private: isPrivate,
      html_url,
      description,
      fork,
      url: apiOf(place),
      ...linksOf(apiOf(place)),
    },
    commit_url: `${apiOf(place)}/commits/${oid}`,
    url: `${apiOf(place)}/commits/${oid}/status`,
  }
}
