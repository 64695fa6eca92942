// GitLab's API as the few typed calls that Slipway makes. Each call is made once.

import type { ApiResult, HostedClient, HostedPull } from '../hosted/hosted-client.ts'
import { draftTitle } from './draft-title.ts'
import {
  branchShape,
  descriptionShape,
  mergeRequestListShape,
  mergeRequestShape,
  namespaceShape,
  projectListShape,
  projectShape,
  reviewersShape,
  selfShape,
  userListShape,
} from './gitlab-shapes.ts'
import { type GitlabAccess, type GitlabAnswer, openGitlabTransport } from './gitlab-transport.ts'

const perPage = 100

export function createGitlabClient(access: GitlabAccess): HostedClient {
  const send = openGitlabTransport(access)

  const change = async (
    input: { slug: string; number: number; doing: string; body: Record<string, unknown> },
    signal: AbortSignal,
  ): Promise<ApiResult<HostedPull>> =>
    valueOf(
      await send({
        doing: `${input.doing} merge request ${input.number} of ${input.slug}`,
        method: 'PUT',
        path: `projects/${encodeURIComponent(input.slug)}/merge_requests/${input.number}`,
        body: input.body,
        shape: mergeRequestShape,
        signal,
      }),
    )

  return {
    // GitLab itself follows the old path of a project that was moved, for reads.
    getRepository: async (slug, signal) =>
      valueOf(await send({ doing: `Looking up ${slug}`, method: 'GET', path: projectPath(slug), shape: projectShape, signal })),

    async listRepositories({ search, page }, signal) {
      const query = {
        membership: true,
        archived: false,
        order_by: 'last_activity_at',
        sort: 'desc',
        per_page: perPage,
        page,
        // With it, `search` looks at the groups too.
        ...(search !== '' && { search, search_namespaces: true }),
      }
      const doing = 'Listing the projects of the GitLab account'
      const listed = await send({ doing, method: 'GET', path: 'projects', query, shape: projectListShape, signal })
      return listed.ok ? { ok: true, value: { repositories: listed.value.value, nextPage: listed.value.nextPage } } : listed
    },

    whoAmI: async (signal) =>
      valueOf(await send({ doing: 'Asking GitLab whose token this is', method: 'GET', path: 'user', shape: selfShape, signal })),

    getDescription: async (slug, signal) =>
      valueOf(await send({ doing: `Looking up ${slug}`, method: 'GET', path: projectPath(slug), shape: descriptionShape, signal })),

    async createRepository({ namespace, name, isPrivate, description }, signal) {
      const doing = `Making the project ${namespace === null ? name : `${namespace}/${name}`}`
      const body = { name, path: name, visibility: isPrivate ? 'private' : 'public', description, initialize_with_readme: true }
      if (namespace === null) return valueOf(await send({ doing, method: 'POST', path: 'projects', body, shape: projectShape, signal }))
      const path = `namespaces/${encodeURIComponent(namespace)}`
      const found = await send({ doing: `Looking up the group ${namespace}`, method: 'GET', path, shape: namespaceShape, signal })
      if (!found.ok) return found
      const inGroup = { ...body, namespace_id: found.value.value.id }
      return valueOf(await send({ doing, method: 'POST', path: 'projects', body: inGroup, shape: projectShape, signal }))
    },

    async getRef({ slug, branch }, signal) {
      const path = `${projectPath(slug)}/repository/branches/${encodeURIComponent(branch)}`
      const doing = `Looking up the branch ${branch} of ${slug}`
      const result = await send({ doing, method: 'GET', path, shape: branchShape, signal })
      if (result.ok) return { ok: true, value: result.value.value.oid }
      return result.failure.problem === 'not-found' ? { ok: true, value: null } : result
    },

    async listPulls({ slug, branch }, signal) {
      const query = { source_branch: branch, state: 'all', scope: 'all', order_by: 'created_at', sort: 'desc', per_page: perPage }
      const doing = `Looking for merge requests of ${branch} in ${slug}`
      const path = `${projectPath(slug)}/merge_requests`
      const listed = await send({ doing, method: 'GET', path, query, shape: mergeRequestListShape, signal })
      if (!listed.ok) return listed
      return { ok: true, value: listed.value.value.filter((pull) => pull.branch === branch && pull.isOwnBranch) }
    },

    getPull: async ({ slug, number }, signal) =>
      valueOf(
        await send({
          doing: `Looking up merge request ${number} of ${slug}`,
          method: 'GET',
          path: `${projectPath(slug)}/merge_requests/${number}`,
          shape: mergeRequestShape,
          signal,
        }),
      ),

    createPull: async ({ slug, branch, base, title, body, draft }, signal) =>
      valueOf(
        await send({
          doing: `Opening the merge request in ${slug}`,
          method: 'POST',
          path: `${projectPath(slug)}/merge_requests`,
          body: { source_branch: branch, target_branch: base, title: draftTitle(title, draft), description: body },
          shape: mergeRequestShape,
          signal,
        }),
      ),

    updatePull: ({ slug, number, title, body, draft }, signal) =>
      change({ slug, number, doing: 'Changing', body: { title: draftTitle(title, draft), description: body } }, signal),

    async setDraft({ slug, pull, draft }, signal) {
      const title = draftTitle(pull.title, draft)
      return doneOf(await change({ slug, number: pull.number, doing: 'Changing the draft state of', body: { title } }, signal))
    },

    closePull: ({ slug, number }, signal) => change({ slug, number, doing: 'Closing', body: { state_event: 'close' } }, signal),

    addLabels: async ({ slug, number, labels }, signal) =>
      // A comma separates labels here, and cannot be part of one.
      doneOf(await change({ slug, number, doing: 'Labelling', body: { add_labels: labels.join(',') } }, signal)),

    async addReviewer({ slug, pull, reviewer }, signal) {
      const doing = `Looking for ${reviewer} on GitLab`
      const users = await send({ doing, method: 'GET', path: 'users', query: { username: reviewer }, shape: userListShape, signal })
      if (!users.ok) return users
      const user = users.value.value.find(({ username }) => username.toLowerCase() === reviewer.toLowerCase())
      if (!user) return refused(`${doing} found nobody of this name.`)
      const path = `${projectPath(slug)}/merge_requests/${pull.number}`
      const present = await send({ doing: `Looking up the reviewers in ${slug}`, method: 'GET', path, shape: reviewersShape, signal })
      if (!present.ok) return present
      // The list is replaced as a whole, so those who were asked already are named again.
      const wanted = [...new Set([...present.value.value.reviewers.map(({ id }) => id), user.id])]
      const asking = `Asking ${reviewer} to review`
      const changed = await change({ slug, number: pull.number, doing: asking, body: { reviewer_ids: wanted } }, signal)
      if (!changed.ok) return changed
      // GitLab drops people who may not review, and one who is more than its tier allows, without a word.
      const isAsked = changed.value.reviewers.some((name) => name.toLowerCase() === reviewer.toLowerCase())
      return isAsked ? { ok: true, value: null } : refused(`${asking} merge request ${pull.number} of ${slug} was not taken up by GitLab.`)
    },
  }
}

function projectPath(slug: string): string {
  return `projects/${encodeURIComponent(slug)}`
}

function valueOf<Value>(answer: ApiResult<GitlabAnswer<Value>>): ApiResult<Value> {
  return answer.ok ? { ok: true, value: answer.value.value } : answer
}

function doneOf(answer: ApiResult<unknown>): ApiResult<null> {
  return answer.ok ? { ok: true, value: null } : answer
}

function refused(message: string): ApiResult<null> {
  return { ok: false, failure: { ok: false, problem: 'refused', message, retryAfterMs: null }, isAnswerLost: false, said: '' }
}
