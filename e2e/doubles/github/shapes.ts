// The JSON that GitHub's REST API answers with, complete enough that a client relying on any documented required field works.

import type { DoublePull, DoubleRepository, DoubleToken } from './double-state.ts'
import { accessTo, branchOid } from './double-state.ts'
import { git, gitOutput } from './git-command.ts'

export interface Addresses {
  /** The web address, without a trailing slash. */
  url: string
  apiUrl: string
}

const repositoryLinks = {
  archive_url: '/{archive_format}{/ref}',
  assignees_url: '/assignees{/user}',
  blobs_url: '/git/blobs{/sha}',
  branches_url: '/branches{/branch}',
  collaborators_url: '/collaborators{/collaborator}',
  comments_url: '/comments{/number}',
  commits_url: '/commits{/sha}',
  compare_url: '/compare/{base}...{head}',
  contents_url: '/contents/{+path}',
  contributors_url: '/contributors',
  deployments_url: '/deployments',
  downloads_url: '/downloads',
  events_url: '/events',
  forks_url: '/forks',
  git_commits_url: '/git/commits{/sha}',
  git_refs_url: '/git/refs{/sha}',
  git_tags_url: '/git/tags{/sha}',
  hooks_url: '/hooks',
  issue_comment_url: '/issues/comments{/number}',
  issue_events_url: '/issues/events{/number}',
  issues_url: '/issues{/number}',
  keys_url: '/keys{/key_id}',
  labels_url: '/labels{/name}',
  languages_url: '/languages',
  merges_url: '/merges',
  milestones_url: '/milestones{/number}',
  notifications_url: '/notifications{?since,all,participating}',
  pulls_url: '/pulls{/number}',
  releases_url: '/releases{/id}',
  stargazers_url: '/stargazers',
  statuses_url: '/statuses/{sha}',
  subscribers_url: '/subscribers',
  subscription_url: '/subscription',
  tags_url: '/tags',
  teams_url: '/teams',
  trees_url: '/git/trees{/sha}',
}

export function userShape(addresses: Addresses, login: string) {
  const api = `${addresses.apiUrl}/users/${login}`
  return {
    login,
    id: [...login].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1_000_000,
    node_id: nodeId('User', login),
    avatar_url: `${addresses.url}/avatars/${login}`,
    gravatar_id: '',
    url: api,
    html_url: `${addresses.url}/${login}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: 'User',
    site_admin: false,
  }
}

function linksBelow<Name extends string>(api: string, tails: Record<Name, string>): Record<Name, string> {
  // The names are those of the table.
  return Object.fromEntries(Object.entries<string>(tails).map(([name, tail]) => [name, api + tail])) as Record<Name, string>
}

/** Of a repository, below its own address. */
export function linksOf(api: string) {
  return linksBelow(api, repositoryLinks)
}

/** The answer of `GET /user`: the public profile. */
export function profileShape(addresses: Addresses, login: string, at: string) {
  const unknown = { name: null, company: null, blog: null, location: null, email: null, hireable: null, bio: null }
  const counts = { public_repos: 0, public_gists: 0, followers: 0, following: 0 }
  return { ...userShape(addresses, login), user_view_type: 'public', ...unknown, ...counts, created_at: at, updated_at: at }
}

export function repositoryShape(addresses: Addresses, repository: DoubleRepository, token: DoubleToken | null) {
  const [owner = '', name = ''] = repository.slug.split('/')
  const api = `${addresses.apiUrl}/repos/${repository.slug}`
  const web = `${addresses.url}/${repository.slug}`
  const host = new URL(addresses.url).host
  const openPulls = repository.pulls.filter((pull) => pull.state === 'open').length
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name,
    full_name: repository.slug,
    owner: userShape(addresses, owner),
    private: repository.isPrivate,
    visibility: repository.isPrivate ? 'private' : 'public',
    html_url: web,
    description: repository.description,
    fork: false,
    url: api,
    ...linksOf(api),
    clone_url: `${web}.git`,
    git_url: `git://${host}/${repository.slug}.git`,
    ssh_url: `git@${host}:${repository.slug}.git`,
    svn_url: web,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: repository.defaultBranch,
    archived: repository.isArchived,
    disabled: false,
    size: 0,
    forks: 0,
    forks_count: 0,
    network_count: 0,
    stargazers_count: 0,
    subscribers_count: 0,
    watchers: 0,
    watchers_count: 0,
    open_issues: openPulls,
    open_issues_count: openPulls,
    has_issues: true,
    has_projects: true,
    has_wiki: true,
    has_pages: false,
    has_downloads: true,
    has_discussions: false,
    permissions: { admin: false, push: accessTo(repository, token) === 'write', pull: accessTo(repository, token) !== 'none' },
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
    pushed_at: repository.pushedAt,
  }
}

export function labelShape(addresses: Addresses, repository: DoubleRepository, name: string) {
  const url = `${addresses.apiUrl}/repos/${repository.slug}/labels/${encodeURIComponent(name)}`
  return { id: name.length, node_id: nodeId('Label', name), url, name, description: '', color: 'ededed', default: false }
}

function teamShape(addresses: Addresses, owner: string, slug: string) {
  const url = `${addresses.apiUrl}/organizations/1/team/1`
  return {
    id: 1,
    node_id: nodeId('Team', slug),
    url,
    html_url: `${addresses.url}/orgs/${owner}/teams/${slug}`,
    name: slug,
    slug,
    description: null,
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'push',
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    parent: null,
    type: 'organization' as const,
  }
}

export function refShape(addresses: Addresses, repository: DoubleRepository, ref: string, oid: string) {
  const api = `${addresses.apiUrl}/repos/${repository.slug}/git`
  return { ref, node_id: nodeId('Ref', ref), url: `${api}/${ref}`, object: { sha: oid, type: 'commit', url: `${api}/commits/${oid}` } }
}

/** The short form that lists use. */
export async function pullListShape(addresses: Addresses, repository: DoubleRepository, pull: DoublePull) {
  const api = `${addresses.apiUrl}/repos/${repository.slug}/pulls/${pull.number}`
  const issue = `${addresses.apiUrl}/repos/${repository.slug}/issues/${pull.number}`
  const web = `${addresses.url}/${repository.slug}/pull/${pull.number}`
  const [owner = ''] = repository.slug.split('/')
  const headOid = pull.closedHeadOid ?? (await branchOid(repository, pull.head)) ?? '0'.repeat(40)
  const baseOid = (await branchOid(repository, pull.base)) ?? '0'.repeat(40)
  const statuses = `${addresses.apiUrl}/repos/${repository.slug}/statuses/${headOid}`
  const end = (ref: string, oid: string) => ({
    label: `${owner}:${ref}`,
    ref,
    sha: oid,
    user: userShape(addresses, owner),
    repo: repositoryShape(addresses, repository, null),
  })
  return {
    id: pull.id,
    node_id: pullNodeId(pull),
    number: pull.number,
    url: api,
    html_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    issue_url: issue,
    commits_url: `${api}/commits`,
    review_comments_url: `${api}/comments`,
    review_comment_url: `${addresses.apiUrl}/repos/${repository.slug}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    state: pull.state,
    locked: false,
    title: pull.title,
    body: pull.body,
    user: userShape(addresses, pull.author),
    labels: pull.labels.map((name) => labelShape(addresses, repository, name)),
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: pull.reviewers.filter((name) => !name.startsWith('team:')).map((login) => userShape(addresses, login)),
    requested_teams: pull.reviewers.flatMap((name) => (name.startsWith('team:') ? [teamShape(addresses, owner, name.slice(5))] : [])),
    draft: pull.draft,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: null,
    head: end(pull.head, headOid),
    base: end(pull.base, baseOid),
    _links: {
      self: { href: api },
      html: { href: web },
      issue: { href: issue },
      comments: { href: `${issue}/comments` },
      review_comments: { href: `${api}/comments` },
      review_comment: { href: `${addresses.apiUrl}/repos/${repository.slug}/pulls/comments{/number}` },
      commits: { href: `${api}/commits` },
      statuses: { href: statuses },
    },
    author_association: 'CONTRIBUTOR' as const,
    auto_merge: null,
  }
}

/** The full form, with the counts that git gives for the two branches as they are now. */
export async function pullShape(addresses: Addresses, repository: DoubleRepository, pull: DoublePull) {
  const short = await pullListShape(addresses, repository, pull)
  const changes = await countChanges(repository, pull)
  return {
    ...short,
    merged: pull.mergedAt !== null,
    mergeable: repository.talk.conflicting.has(pull.number) ? false : null,
    rebaseable: null,
    mergeable_state: repository.talk.conflicting.has(pull.number) ? 'dirty' : 'unknown',
    merged_by: null,
    comments: 0,
    review_comments: 0,
    maintainer_can_modify: false,
    ...changes,
  }
}

async function countChanges(repository: DoubleRepository, pull: DoublePull) {
  const range = [`refs/heads/${pull.base}`, `refs/heads/${pull.head}`]
  const commits = Number(await gitOutput(repository.directory, ['rev-list', '--count', range.join('..')])) || 0
  const numbers = commits === 0 ? '' : await git(repository.directory, ['diff', '--numstat', range.join('...')])
  const rows = numbers
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t'))
  const sum = (column: number) => rows.reduce((total, row) => total + (Number(row[column]) || 0), 0)
  return { commits, additions: sum(0), deletions: sum(1), changed_files: rows.length }
}

export function pullNodeId(pull: DoublePull): string {
  return nodeId('PullRequest', pull.id)
}

export function nodeId(kind: string, id: string | number): string {
  return Buffer.from(`${kind}:${id}`).toString('base64url')
}
