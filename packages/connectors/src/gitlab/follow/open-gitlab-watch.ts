// What GitLab tells of merge requests and issues: jobs and outside checks of a commit, traces, discussions.

import type { Secret } from '@slipway/core/secret'
import * as z from 'zod'
import { openForgeRequest } from '../../follow/forge-request.ts'
import type { ForgeComment, ForgeWatch, Subject, WatchedCheck } from '../../follow/forge-watch.ts'
import type { WatchOptions } from '../../github/follow/open-github-watch.ts'
import type { GitlabSettings } from '../gitlab-settings.ts'

/** Developer, the least that may push. */
const developer = 30

const changeShape = z
  .object({
    state: z.string(),
    sha: z.string().nullable(),
    target_branch: z.string(),
    has_conflicts: z.boolean().optional(),
    detailed_merge_status: z.string().optional(),
  })
  .transform(({ state, sha, target_branch: base, has_conflicts, detailed_merge_status: status }) => ({
    state: state === 'merged' ? ('merged' as const) : state === 'closed' ? ('closed' as const) : ('open' as const),
    headOid: sha ?? '',
    base,
    baseOid: null,
    hasConflict: ['unchecked', 'checking', 'preparing'].includes(status ?? '') ? null : (has_conflicts ?? null),
  }))

const issueShape = z
  .object({
    title: z.string(),
    description: z.string().nullable(),
    web_url: z.string(),
    state: z.string(),
    author: z.object({ username: z.string() }),
  })
  .transform(({ title, description, web_url: url, state, author }) => ({
    title,
    text: description ?? '',
    author: author.username,
    url,
    isOpen: state === 'opened',
  }))

const statusesShape = z.array(
  z.object({
    id: z.number(),
    name: z.string(),
    status: z.string(),
    target_url: z.string().nullish(),
    description: z.string().nullish(),
    allow_failure: z.boolean().nullish(),
  }),
)

const noteShape = z.object({
  id: z.number(),
  body: z.string(),
  system: z.boolean(),
  author: z.object({ username: z.string(), bot: z.boolean().optional() }),
  position: z.object({ new_path: z.string().nullish(), new_line: z.number().nullish() }).nullish(),
})
const discussionShape = z.object({ id: z.string(), individual_note: z.boolean(), notes: z.array(noteShape) })
const accessShape = z.object({ access_level: z.number() }).nullish()

export function openGitlabWatch({ settings, account, nowMs }: WatchOptions<GitlabSettings>): ForgeWatch {
  const headers = (token: Secret) => ({ authorization: `Bearer ${token.reveal()}` })
  const apiUrl = `${settings.url}/api/v4`
  const server = { name: 'GitLab' as const, apiUrl, requestTimeoutMs: settings.requestTimeoutMs, headers }
  const { json, list, text } = openForgeRequest({ server, account, nowMs })

  return {
    async canWrite(slug, signal) {
      const shape = z.object({ permissions: z.object({ project_access: accessShape, group_access: accessShape }).optional() })
      const found = await json({ doing: `Looking up ${slug}`, path: project(slug), shape, signal })
      if (!found.ok) return found
      const { project_access: own, group_access: group } = found.value.permissions ?? {}
      return { ok: true, value: Math.max(own?.access_level ?? 0, group?.access_level ?? 0) >= developer }
    },

    async mayWrite({ slug, login }, signal) {
      const shape = z.array(z.object({ username: z.string(), access_level: z.number() }))
      const path = `${project(slug)}/members/all?query=${encodeURIComponent(login)}`
      const found = await list({ doing: `Looking up what ${login} may do in ${slug}`, path, shape, signal })
      if (!found.ok) return found
      return { ok: true, value: found.value.some(({ username, access_level: level }) => username === login && level >= developer) }
    },

    readIssue: ({ slug, number }, signal) =>
      json({ doing: `Reading issue ${number} of ${slug}`, path: `${project(slug)}/issues/${number}`, shape: issueShape, signal }),

    readChange: ({ slug, number }, signal) =>
      json({
        doing: `Reading merge request ${number} of ${slug}`,
        path: `${project(slug)}/merge_requests/${number}`,
        shape: changeShape,
        signal,
      }),

    async readChecks({ slug, oid }, signal) {
      const path = `${project(slug)}/repository/commits/${oid}/statuses`
      const found = await list({ doing: `Reading the checks of ${slug}`, path, shape: statusesShape, signal })
      return found.ok ? { ok: true, value: newestOfEach(found.value).flatMap(checkOf) } : found
    },

    readLog: ({ slug, logRef }, signal) =>
      text({ doing: `Reading a log of ${slug}`, path: `${project(slug)}/jobs/${encodeURIComponent(logRef)}/trace`, signal }),

    async readComments(subject, signal) {
      const { slug, number } = subject
      const path = `${pathOf(subject)}/discussions`
      const found = await list({ doing: `Reading the comments of ${slug} ${number}`, path, shape: z.array(discussionShape), signal })
      if (!found.ok) return found
      const page = `${settings.url}/${slug}/-/${partOf(subject)}/${number}`
      return { ok: true, value: found.value.flatMap((discussion) => commentsOf(discussion, page)) }
    },

    async react(subject, signal) {
      const { slug, number, commentId } = subject
      const path = `${pathOf(subject)}${commentId === null ? '' : `/notes/${commentId}`}/award_emoji`
      const doing = `Reacting to ${slug} ${number}`
      const done = await json({ doing, method: 'POST', path, body: { name: 'eyes' }, shape: z.object({ id: z.number() }), signal })
      // GitLab answers 404 to the second one.
      if (done.ok || /already been taken/i.test(done.message)) return { ok: true, value: null }
      return done
    },

    async say(subject, signal) {
      const { slug, number, thread, text: body } = subject
      const path = `${pathOf(subject)}${thread === null ? '' : `/discussions/${thread}`}/notes`
      const doing = `Commenting on ${slug} ${number}`
      const said = await json({ doing, method: 'POST', path, body: { body }, shape: z.object({ id: z.number() }), signal })
      if (!said.ok) return said
      return { ok: true, value: { url: `${settings.url}/${slug}/-/${partOf(subject)}/${number}#note_${said.value.id}` } }
    },
  }
}

function project(slug: string): string {
  return `/projects/${encodeURIComponent(slug)}`
}

function partOf({ kind }: Subject): string {
  return kind === 'issue' ? 'issues' : 'merge_requests'
}

function pathOf(subject: Subject): string {
  return `${project(subject.slug)}/${partOf(subject)}/${subject.number}`
}

type Status = z.output<typeof statusesShape>[number]

function newestOfEach(statuses: Status[]): Status[] {
  const newest = new Map<string, Status>()
  for (const status of [...statuses].sort((a, b) => a.id - b.id)) newest.set(status.name, status)
  return [...newest.values()]
}

/** What waits for a person's click, or was left out, says nothing about the code. */
function checkOf({ id, name, status, target_url: url, description, allow_failure: mayFail }: Status): WatchedCheck[] {
  if (['canceled', 'skipped', 'manual', 'scheduled'].includes(status)) return []
  const state = status === 'success' || (status === 'failed' && mayFail) ? 'passed' : status === 'failed' ? 'failed' : 'pending'
  const logRef = /\/-\/jobs\/\d+$/.test(url ?? '') ? String(id) : null
  return [{ name, state, url: url ?? null, logRef, summary: description ?? '' }]
}

function commentsOf({ id, individual_note: isAlone, notes }: z.output<typeof discussionShape>, page: string): ForgeComment[] {
  return notes
    .filter(({ system }) => !system)
    .map(({ id: note, body, author, position }) => ({
      ref: `gitlab:note:${note}`,
      author: author.username,
      isBot: author.bot ?? false,
      text: body,
      url: `${page}#note_${note}`,
      place: position?.new_path ? { path: position.new_path, line: position.new_line ?? null } : null,
      thread: isAlone ? null : id,
    }))
}
