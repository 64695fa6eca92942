// What is used of GitLab's API, written down from its documentation: https://docs.gitlab.com/api/api_resources/

import type { Description } from './check-exchange.ts'
import { call, fields, flag, listOf, oid, one, orNull, text, whole } from './describe-fields.ts'

const user = fields({ id: whole, username: text, name: text, state: text, avatar_url: orNull(text), web_url: text })
const access = orNull(fields({ access_level: whole, notification_level: whole }))
const namespace = fields({ id: whole, name: text, path: text, kind: one('user', 'group'), full_path: text })

const project = fields(
  {
    id: whole,
    description: orNull(text),
    name: text,
    name_with_namespace: text,
    path: text,
    path_with_namespace: text,
    created_at: text,
    default_branch: orNull(text),
    ssh_url_to_repo: text,
    http_url_to_repo: text,
    web_url: text,
    last_activity_at: text,
    namespace,
  },
  {
    visibility: one('private', 'internal', 'public'),
    archived: flag,
    permissions: fields({ project_access: access, group_access: access }),
    topics: listOf(text),
  },
)

const mergeRequest = fields(
  {
    id: whole,
    iid: whole,
    project_id: whole,
    title: text,
    description: orNull(text),
    state: one('opened', 'closed', 'locked', 'merged'),
    created_at: text,
    updated_at: text,
    target_branch: text,
    source_branch: text,
    author: user,
    source_project_id: orNull(whole),
    target_project_id: whole,
    labels: listOf(text),
    draft: flag,
    detailed_merge_status: text,
    sha: orNull(oid),
    web_url: text,
    reviewers: listOf(user),
  },
  { has_conflicts: flag, merged_at: orNull(text), closed_at: orNull(text) },
)

const issue = fields({
  id: whole,
  iid: whole,
  title: text,
  description: orNull(text),
  state: one('opened', 'closed'),
  web_url: text,
  author: user,
  labels: listOf(text),
  assignees: listOf(user),
})

const position = fields({ position_type: text }, { new_path: orNull(text), new_line: orNull(whole), old_path: orNull(text) })
const note = fields(
  { id: whole, type: orNull(text), body: text, author: user, system: flag, noteable_iid: orNull(whole), resolvable: flag },
  { position: orNull(position) },
)
const discussion = fields({ id: text, individual_note: flag, notes: listOf(note) })
const award = fields({ id: whole, name: text, user: fields({ id: whole }) })
const status = fields(
  { id: whole, sha: oid, name: text, status: text, target_url: orNull(text), description: orNull(text) },
  { allow_failure: flag },
)
const branch = fields({
  name: text,
  commit: fields({ id: oid, short_id: text, title: text }),
  merged: flag,
  protected: flag,
  default: flag,
})
const member = { ...user, required: ['id', 'username', 'access_level'] }

const pages = { page: whole, per_page: whole }
const direction = one('asc', 'desc')
const projectPath = '/projects/{id}'
const said = call({ body: fields({ body: text }), answers: { 201: note } })
const awarded = call({ body: fields({ name: text }), answers: { 201: award } })
const discussions = call({ query: pages, answers: { 200: listOf(discussion) } })

export const gitlabDescription: Description = {
  source: 'docs.gitlab.com/api',
  operations: {
    'GET /projects': call({
      query: {
        ...pages,
        membership: flag,
        archived: flag,
        search: text,
        search_namespaces: flag,
        order_by: one('id', 'name', 'path', 'created_at', 'updated_at', 'similarity', 'last_activity_at'),
        sort: direction,
      },
      answers: { 200: listOf(project) },
    }),
    'POST /projects': call({
      body: fields(
        { path: text },
        {
          name: text,
          visibility: one('private', 'internal', 'public'),
          description: text,
          initialize_with_readme: flag,
          namespace_id: whole,
        },
      ),
      answers: { 201: project },
    }),
    'GET /namespaces/{id}': call({ answers: { 200: namespace } }),
    'GET /user': call({ answers: { 200: user } }),
    [`GET ${projectPath}`]: call({ answers: { 200: project } }),
    'GET /users': call({ query: { ...pages, username: text }, answers: { 200: listOf(user) } }),
    [`GET ${projectPath}/members/all`]: call({ query: { ...pages, query: text }, answers: { 200: listOf(member) } }),
    [`GET ${projectPath}/repository/branches/{branch}`]: call({ answers: { 200: branch } }),
    [`GET ${projectPath}/repository/commits/{sha}/statuses`]: call({ query: pages, answers: { 200: listOf(status) } }),
    [`GET ${projectPath}/jobs/{job}/trace`]: call({ answers: { 200: null } }),
    [`GET ${projectPath}/merge_requests`]: call({
      query: {
        ...pages,
        source_branch: text,
        target_branch: text,
        state: one('opened', 'closed', 'locked', 'merged', 'all'),
        scope: one('created_by_me', 'assigned_to_me', 'all'),
        order_by: one('created_at', 'updated_at', 'title', 'merged_at'),
        sort: direction,
      },
      answers: { 200: listOf(mergeRequest) },
    }),
    [`POST ${projectPath}/merge_requests`]: call({
      body: fields({ source_branch: text, target_branch: text, title: text }, { description: text, labels: text }),
      answers: { 201: mergeRequest },
    }),
    [`GET ${projectPath}/merge_requests/{iid}`]: call({ answers: { 200: mergeRequest } }),
    [`PUT ${projectPath}/merge_requests/{iid}`]: call({
      body: fields(
        {},
        { title: text, description: text, add_labels: text, reviewer_ids: listOf(whole), state_event: one('close', 'reopen') },
      ),
      answers: { 200: mergeRequest },
    }),
    [`GET ${projectPath}/issues/{iid}`]: call({ answers: { 200: issue } }),
    [`GET ${projectPath}/issues/{iid}/discussions`]: discussions,
    [`GET ${projectPath}/merge_requests/{iid}/discussions`]: discussions,
    [`POST ${projectPath}/issues/{iid}/notes`]: said,
    [`POST ${projectPath}/merge_requests/{iid}/discussions/{discussion}/notes`]: said,
    [`POST ${projectPath}/issues/{iid}/award_emoji`]: awarded,
    [`POST ${projectPath}/issues/{iid}/notes/{note}/award_emoji`]: awarded,
  },
  components: { schemas: {} },
}
