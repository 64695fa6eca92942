// Reads GitLab's webhook payloads: https://docs.gitlab.com/user/project/integrations/webhook_events/

import * as z from 'zod'
import { type Heard, nothing } from '../../follow/heard.ts'

const labelled = z.array(z.object({ title: z.string() }))
const people = z.array(z.object({ username: z.string() }))
const payloadShape = z.object({
  object_kind: z.string(),
  project: z.object({ path_with_namespace: z.string() }).optional(),
  user: z.object({ username: z.string() }).optional(),
  object_attributes: z
    .object({
      id: z.number().optional(),
      iid: z.number().optional(),
      action: z.string().optional(),
      note: z.string().optional(),
      noteable_type: z.string().optional(),
      system: z.boolean().optional(),
      url: z.string().optional(),
    })
    .optional(),
  labels: labelled.optional(),
  assignees: people.optional(),
  changes: z
    .object({
      labels: z.object({ previous: labelled, current: labelled }).optional(),
      assignees: z.object({ previous: people, current: people }).optional(),
    })
    .optional(),
  issue: z.object({ iid: z.number() }).optional(),
  merge_request: z.object({ iid: z.number() }).nullish(),
})

type Payload = z.output<typeof payloadShape>

/** What does not have the form that GitLab documents tells nothing. */
export function readGitlabDelivery(body: unknown): Heard {
  const parsed = payloadShape.safeParse(body)
  const slug = parsed.data?.project?.path_with_namespace
  if (!parsed.success || slug === undefined) return nothing
  const payload = parsed.data
  switch (payload.object_kind) {
    case 'merge_request':
      return { kind: 'change-request', slug, number: payload.object_attributes?.iid ?? null }
    case 'pipeline':
    case 'build':
    case 'push':
      return { kind: 'change-request', slug, number: payload.merge_request?.iid ?? null }
    case 'issue':
      return readIssue(slug, payload)
    case 'note':
      return readNote(slug, payload)
    default:
      return nothing
  }
}

function readIssue(slug: string, { object_attributes: issue, user, labels, assignees, changes }: Payload): Heard {
  if (issue?.iid === undefined || !user) return nothing
  const by = { login: user.username, isBot: false }
  const about = { kind: 'issue' as const, slug, number: issue.iid, by, comment: null }
  if (issue.action === 'open') {
    return { ...about, labels: (labels ?? []).map(({ title }) => title), assignees: (assignees ?? []).map(({ username }) => username) }
  }
  if (issue.action !== 'update') return nothing
  const before = changes?.labels?.previous.map(({ title }) => title) ?? []
  const given = (changes?.labels?.current ?? []).map(({ title }) => title).filter((title) => !before.includes(title))
  const had = changes?.assignees?.previous.map(({ username }) => username) ?? []
  const assigned = (changes?.assignees?.current ?? []).map(({ username }) => username).filter((name) => !had.includes(name))
  return { ...about, labels: given, assignees: assigned }
}

function readNote(slug: string, { object_attributes: note, user, issue, merge_request: change }: Payload): Heard {
  if (note?.id === undefined || note.system || !user) return nothing
  if (change) return { kind: 'change-request', slug, number: change.iid }
  if (!issue || (note.action ?? 'create') !== 'create') return nothing
  const comment = { id: String(note.id), ref: `gitlab:note:${note.id}`, text: note.note ?? '', url: note.url ?? null }
  return { kind: 'issue', slug, number: issue.iid, by: { login: user.username, isBot: false }, labels: [], assignees: [], comment }
}
