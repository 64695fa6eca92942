// Reads GitHub's webhook payloads: https://docs.github.com/webhooks/webhook-events-and-payloads

import * as z from 'zod'
import { type Heard, nothing } from '../../follow/heard.ts'

const named = z.object({ login: z.string() })
const payloadShape = z.object({
  action: z.string().optional(),
  repository: z.object({ full_name: z.string() }).optional(),
  sender: z.object({ login: z.string(), type: z.string().optional() }).optional(),
  issue: z
    .object({
      number: z.number(),
      pull_request: z.unknown().optional(),
      labels: z.array(z.object({ name: z.string() })).optional(),
      assignees: z.array(named).optional(),
    })
    .optional(),
  label: z.object({ name: z.string() }).nullish(),
  assignee: named.nullish(),
  comment: z.object({ id: z.number(), body: z.string(), html_url: z.string() }).optional(),
  pull_request: z.object({ number: z.number() }).optional(),
})

type Payload = z.output<typeof payloadShape>

const aboutChanges = new Set([
  'check_run',
  'check_suite',
  'status',
  'workflow_run',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'push',
])

/** What does not have the form that GitHub documents tells nothing. */
export function readGithubDelivery(event: string, body: unknown): Heard {
  const parsed = payloadShape.safeParse(body)
  const slug = parsed.data?.repository?.full_name
  if (!parsed.success || slug === undefined) return nothing
  const payload = parsed.data
  if (aboutChanges.has(event)) return { kind: 'change-request', slug, number: payload.pull_request?.number ?? null }
  if (event === 'issues') return readIssue(slug, payload)
  return event === 'issue_comment' ? readComment(slug, payload) : nothing
}

function readIssue(slug: string, { action, issue, label, assignee, sender }: Payload): Heard {
  if (!issue || !sender) return nothing
  const by = { login: sender.login, isBot: sender.type === 'Bot' }
  const about = { kind: 'issue' as const, slug, number: issue.number, by, labels: [], assignees: [], comment: null }
  if (action === 'labeled') return { ...about, labels: label ? [label.name] : [] }
  if (action === 'assigned') return { ...about, assignees: assignee ? [assignee.login] : [] }
  if (action !== 'opened') return nothing
  return {
    ...about,
    labels: (issue.labels ?? []).map(({ name }) => name),
    assignees: (issue.assignees ?? []).map(({ login }) => login),
  }
}

function readComment(slug: string, { action, issue, comment, sender }: Payload): Heard {
  if (!issue || !comment || !sender) return nothing
  if (issue.pull_request) return { kind: 'change-request', slug, number: issue.number }
  if (action !== 'created') return nothing
  const by = { login: sender.login, isBot: sender.type === 'Bot' }
  const { id, body: text, html_url: url } = comment
  const said = { id: String(id), ref: `github:issue-comment:${id}`, text, url }
  return { kind: 'issue', slug, number: issue.number, by, labels: [], assignees: [], comment: said }
}
