// The JSON that GitLab's API answers with, with the fields that its documentation shows.

import { branchOid, type DoubleMergeRequest, type DoubleProject, type DoubleToken, roleIn } from './double-state.ts'

export function userShape(url: string, username: string) {
  const id = userId(username)
  return { id, username, name: username, state: 'active', locked: false, avatar_url: null, web_url: `${url}/${username}` }
}

export function userId(username: string): number {
  return [...username].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 1_000_000, 7)
}

export async function projectShape(url: string, project: DoubleProject, token: DoubleToken | null) {
  const name = project.path.split('/').at(-1) ?? ''
  const group = project.path.split('/').slice(0, -1).join('/')
  const web = `${url}/${project.path}`
  const role = token === null ? 0 : roleIn(token, project)
  const isEmpty = !project.isListedOnly && (await branchOid(project, project.defaultBranch)) === null
  return {
    id: project.id,
    description: project.description,
    name,
    name_with_namespace: project.path.split('/').join(' / '),
    path: name,
    path_with_namespace: project.path,
    created_at: project.createdAt,
    default_branch: isEmpty ? null : project.defaultBranch,
    tag_list: [],
    topics: [],
    ssh_url_to_repo: `git@${new URL(url).hostname}:${project.path}.git`,
    http_url_to_repo: `${web}.git`,
    web_url: web,
    readme_url: null,
    forks_count: 0,
    avatar_url: null,
    star_count: 0,
    last_activity_at: project.lastActivityAt,
    visibility: project.visibility,
    namespace: {
      id: project.id,
      name: group,
      path: group.split('/').at(-1),
      kind: 'group',
      full_path: group,
      parent_id: null,
      avatar_url: null,
      web_url: `${url}/groups/${group}`,
    },
    empty_repo: isEmpty,
    archived: project.isArchived,
    merge_requests_enabled: true,
    merge_method: 'merge',
    permissions: { project_access: role === 0 ? null : { access_level: role, notification_level: 3 }, group_access: null },
  }
}

export async function mergeRequestShape(url: string, project: DoubleProject, request: DoubleMergeRequest) {
  const sha = request.endedOid ?? (await branchOid(project, request.sourceBranch))
  return {
    id: request.id,
    iid: request.iid,
    project_id: project.id,
    title: request.title,
    description: request.description,
    state: request.state,
    created_at: request.createdAt,
    updated_at: request.updatedAt,
    merged_by: null,
    merge_user: null,
    merged_at: request.mergedAt,
    closed_by: null,
    closed_at: request.closedAt,
    target_branch: request.targetBranch,
    source_branch: request.sourceBranch,
    user_notes_count: 0,
    upvotes: 0,
    downvotes: 0,
    author: userShape(url, request.author),
    assignees: [],
    assignee: null,
    reviewers: request.reviewers.map((username) => userShape(url, username)),
    source_project_id: project.id,
    target_project_id: project.id,
    labels: request.labels,
    draft: isDraft(request.title),
    work_in_progress: isDraft(request.title),
    milestone: null,
    merge_when_pipeline_succeeds: false,
    merge_status: 'checking',
    detailed_merge_status: project.talk.conflicting.has(request.iid) ? 'broken_status' : 'checking',
    has_conflicts: project.talk.conflicting.has(request.iid),
    sha,
    merge_commit_sha: null,
    squash_commit_sha: null,
    discussion_locked: null,
    should_remove_source_branch: null,
    force_remove_source_branch: false,
    reference: `!${request.iid}`,
    references: { short: `!${request.iid}`, relative: `!${request.iid}`, full: `${project.path}!${request.iid}` },
    web_url: `${url}/${project.path}/-/merge_requests/${request.iid}`,
    time_stats: { time_estimate: 0, total_time_spent: 0, human_time_estimate: null, human_total_time_spent: null },
    squash: false,
    task_completion_status: { count: 0, completed_count: 0 },
    blocking_discussions_resolved: true,
  }
}

function isDraft(title: string): boolean {
  return /^\s*(?:\[draft\]|\(draft\)|draft:)/i.test(title)
}

export function branchShape(url: string, project: DoubleProject, name: string, oid: string) {
  return {
    name,
    commit: {
      id: oid,
      short_id: oid.slice(0, 8),
      title: '',
      web_url: `${url}/${project.path}/-/commit/${oid}`,
    },
    merged: false,
    protected: false,
    developers_can_push: false,
    developers_can_merge: false,
    can_push: true,
    default: name === project.defaultBranch,
    web_url: `${url}/${project.path}/-/tree/${name}`,
  }
}
