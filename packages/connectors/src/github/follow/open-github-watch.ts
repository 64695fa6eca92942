// What GitHub tells of pull requests and issues: checks of both kinds, logs of Actions, comments of all three kinds.

import type { Secret } from '@slipway/core/secret'
import * as z from 'zod'
import { openForgeRequest } from '../../follow/forge-request.ts'
import type { ForgeComment, ForgeWatch, Watched, WatchedCheck } from '../../follow/forge-watch.ts'
import type { TokenHolder } from '../../hosted/with-token.ts'
import type { GithubSettings } from '../github-settings.ts'

export interface WatchOptions<Settings> {
  settings: Settings
  account: TokenHolder
  nowMs(): number
}

const user = z.object({ login: z.string(), type: z.string().optional() }).nullable()

const changeShape = z
  .object({
    state: z.enum(['open', 'closed']),
    merged_at: z.string().nullable(),
    mergeable: z.boolean().nullable().optional(),
    mergeable_state: z.string().optional(),
    head: z.object({ sha: z.string() }),
    base: z.object({ ref: z.string(), sha: z.string() }),
  })
  .transform(({ state, merged_at, mergeable, mergeable_state, head, base }) => ({
    state: merged_at === null ? state : ('merged' as const),
    headOid: head.sha,
    base: base.ref,
    baseOid: base.sha,
    // Branch rules make it unmergeable too; only `dirty` is a conflict.
    hasConflict: mergeable == null ? null : !mergeable && mergeable_state === 'dirty',
  }))

const issueShape = z
  .object({ title: z.string(), body: z.string().nullable(), html_url: z.string(), state: z.string(), user })
  .transform(({ title, body, html_url: url, state, user: by }) => ({
    title,
    text: body ?? '',
    author: by?.login ?? 'ghost',
    url,
    isOpen: state === 'open',
  }))

const runsShape = z.object({
  total_count: z.number(),
  check_runs: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      html_url: z.string().nullable(),
      app: z.object({ slug: z.string().optional() }).nullable(),
      output: z.object({ title: z.string().nullable(), summary: z.string().nullable(), text: z.string().nullable() }).optional(),
    }),
  ),
})

const statusShape = z.object({
  statuses: z.array(
    z.object({ context: z.string(), state: z.string(), description: z.string().nullable(), target_url: z.string().nullable() }),
  ),
})

const commentShape = z.object({ id: z.number(), body: z.string().nullish(), html_url: z.string(), user })
const placedShape = commentShape.extend({ path: z.string(), line: z.number().nullish(), in_reply_to_id: z.number().optional() })
const reviewShape = commentShape.extend({ state: z.string() })

export function openGithubWatch({ settings, account, nowMs }: WatchOptions<GithubSettings>): ForgeWatch {
  const headers = (token: Secret) => ({
    authorization: `Bearer ${token.reveal()}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  })
  const server = { name: 'GitHub' as const, apiUrl: settings.apiUrl, requestTimeoutMs: settings.requestTimeoutMs, headers }
  const { json, list, text } = openForgeRequest({ server, account, nowMs })

  return {
    async canWrite(slug, signal) {
      const shape = z.object({ permissions: z.object({ push: z.boolean() }).optional() })
      const found = await json({ doing: `Looking up ${slug}`, path: `/repos/${slug}`, shape, signal })
      return found.ok ? { ok: true, value: found.value.permissions?.push ?? false } : found
    },

    async mayWrite({ slug, login }, signal) {
      const shape = z.object({ permission: z.string() })
      const path = `/repos/${slug}/collaborators/${encodeURIComponent(login)}/permission`
      const found = await json({ doing: `Looking up what ${login} may do in ${slug}`, path, shape, signal })
      if (!found.ok) return found.problem === 'not-found' ? { ok: true, value: false } : found
      return { ok: true, value: ['admin', 'maintain', 'write'].includes(found.value.permission) }
    },

    readIssue: ({ slug, number }, signal) =>
      json({ doing: `Reading issue ${number} of ${slug}`, path: `/repos/${slug}/issues/${number}`, shape: issueShape, signal }),

    readChange: ({ slug, number }, signal) =>
      json({ doing: `Reading pull request ${number} of ${slug}`, path: `/repos/${slug}/pulls/${number}`, shape: changeShape, signal }),

    async readChecks({ slug, oid }, signal) {
      const doing = `Reading the checks of ${slug}`
      const runs: WatchedCheck[] = []
      for (let page = 1, left = 1; left > 0 && page <= 10; page++) {
        const path = `/repos/${slug}/commits/${oid}/check-runs?per_page=100&page=${page}`
        const found = await json({ doing, path, shape: runsShape, signal })
        if (!found.ok) return found
        runs.push(...found.value.check_runs.flatMap(checkOfRun))
        left = found.value.check_runs.length === 0 ? 0 : found.value.total_count - page * 100
      }
      const statuses = await json({ doing, path: `/repos/${slug}/commits/${oid}/status?per_page=100`, shape: statusShape, signal })
      if (!statuses.ok) return statuses
      const others = statuses.value.statuses.map(
        ({ context, state, description, target_url: url }): WatchedCheck => ({
          name: context,
          state: state === 'success' ? 'passed' : state === 'pending' ? 'pending' : 'failed',
          url,
          logRef: null,
          summary: description ?? '',
        }),
      )
      return { ok: true, value: [...runs, ...others] }
    },

    readLog: ({ slug, logRef }, signal) =>
      text({ doing: `Reading a log of ${slug}`, path: `/repos/${slug}/actions/jobs/${encodeURIComponent(logRef)}/logs`, signal }),

    async readComments({ slug, number, kind }, signal) {
      const doing = `Reading the comments of ${slug}#${number}`
      const plain = await list({ doing, path: `/repos/${slug}/issues/${number}/comments`, shape: z.array(commentShape), signal })
      if (!plain.ok || kind === 'issue') return mapped(plain, (comment) => toComment(`issue-comment:${comment.id}`, comment))
      const placed = await list({ doing, path: `/repos/${slug}/pulls/${number}/comments`, shape: z.array(placedShape), signal })
      if (!placed.ok) return placed
      const reviews = await list({ doing, path: `/repos/${slug}/pulls/${number}/reviews`, shape: z.array(reviewShape), signal })
      if (!reviews.ok) return reviews
      const said = reviews.value.filter(({ state, body }) => state !== 'PENDING' && (body ?? '').trim() !== '')
      const all = [
        ...plain.value.map((comment) => toComment(`issue-comment:${comment.id}`, comment)),
        ...said.map((review) => toComment(`review:${review.id}`, review)),
        ...placed.value.map((comment) => ({
          ...toComment(`review-comment:${comment.id}`, comment),
          place: { path: comment.path, line: comment.line ?? null },
          thread: String(comment.in_reply_to_id ?? comment.id),
        })),
      ]
      return { ok: true, value: all }
    },

    async react({ slug, number, commentId }, signal) {
      const path =
        commentId === null ? `/repos/${slug}/issues/${number}/reactions` : `/repos/${slug}/issues/comments/${commentId}/reactions`
      const doing = `Reacting to ${slug}#${number}`
      const done = await json({ doing, method: 'POST', path, body: { content: 'eyes' }, shape: z.object({ id: z.number() }), signal })
      return done.ok ? { ok: true, value: null } : done
    },

    async say({ slug, number, thread, text: body }, signal) {
      const path =
        thread === null ? `/repos/${slug}/issues/${number}/comments` : `/repos/${slug}/pulls/${number}/comments/${thread}/replies`
      const shape = z.object({ html_url: z.string() })
      const said = await json({ doing: `Commenting on ${slug}#${number}`, method: 'POST', path, body: { body }, shape, signal })
      return said.ok ? { ok: true, value: { url: said.value.html_url } } : said
    },
  }
}

/** What was cancelled or has become void says nothing about the code. */
function checkOfRun(run: z.output<typeof runsShape>['check_runs'][number]): WatchedCheck[] {
  const { id, name, status, conclusion, html_url: url, app, output } = run
  if (conclusion === 'cancelled' || conclusion === 'stale') return []
  const isFailed = ['failure', 'timed_out', 'startup_failure'].includes(conclusion ?? '')
  const isOpen = status !== 'completed' || conclusion === 'action_required'
  const summary = [output?.title, output?.summary, output?.text].filter((part) => part).join('\n')
  // A run of Actions and the job behind it have the same id.
  const logRef = app?.slug === 'github-actions' ? String(id) : null
  return [{ name, state: isOpen ? 'pending' : isFailed ? 'failed' : 'passed', url, logRef, summary }]
}

function toComment(name: string, { body, html_url: url, user: by }: z.output<typeof commentShape>): ForgeComment {
  const author = by?.login ?? 'ghost'
  return { ref: `github:${name}`, author, isBot: by?.type === 'Bot', text: body ?? '', url, place: null, thread: null }
}

function mapped<From, To>(found: Watched<From[]>, to: (value: From) => To): Watched<To[]> {
  return found.ok ? { ok: true, value: found.value.map(to) } : found
}
