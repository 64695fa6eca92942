// The few fields that are read from GitLab's answers, checked where they come in.

import * as z from 'zod'
import type { HostedPull, HostedRepository } from '../hosted/hosted-client.ts'
import { withoutDraftPrefix } from './draft-title.ts'

/** Roles from which on branches may be pushed: Developer is 30. */
const developer = 30

const roleShape = z.object({ access_level: z.int() }).nullish()

export const projectShape = z
  .object({
    path_with_namespace: z.string().regex(/^[\w.-]+(?:\/[\w.-]+)+$/),
    web_url: z.url({ protocol: /^https?$/ }),
    visibility: z.enum(['private', 'internal', 'public']).default('private'),
    default_branch: z.string().min(1).nullish(),
    archived: z.boolean().default(false),
    permissions: z.object({ project_access: roleShape, group_access: roleShape }).nullish(),
  })
  .transform(
    (value): HostedRepository => ({
      slug: value.path_with_namespace,
      url: value.web_url,
      isPrivate: value.visibility !== 'public',
      defaultBranch: value.default_branch ?? null,
      isArchived: value.archived,
      canPush: canPush(value.permissions),
    }),
  )

/** null: not said. An administrator may push without any role, and inherited roles are not always told, so only a low role is a no. */
function canPush(permissions: { project_access?: Role; group_access?: Role } | null | undefined): boolean | null {
  const levels = [permissions?.project_access, permissions?.group_access].flatMap((role) => role?.access_level ?? [])
  return levels.length === 0 ? null : Math.max(...levels) >= developer
}

type Role = { access_level: number } | null | undefined

export const projectListShape = z.array(projectShape)

export const branchShape = z
  .object({ commit: z.object({ id: z.string().regex(/^[0-9a-f]{40,64}$/) }) })
  .transform((value) => ({ oid: value.commit.id }))

export const mergeRequestShape = z
  .object({
    id: z.int(),
    iid: z.int().positive(),
    web_url: z.url({ protocol: /^https?$/ }),
    state: z.enum(['opened', 'closed', 'locked', 'merged']),
    title: z.string(),
    description: z.string().nullable(),
    draft: z.boolean().default(false),
    source_branch: z.string(),
    target_branch: z.string(),
    source_project_id: z.int().nullable(),
    target_project_id: z.int(),
    sha: z.string().nullable(),
    labels: z.array(z.string()).default([]),
    reviewers: z.array(z.object({ username: z.string() })).default([]),
  })
  .transform(
    (value): HostedPull => ({
      number: value.iid,
      nodeId: String(value.id),
      url: value.web_url,
      // `locked` is a merge that is under way.
      state: value.state === 'merged' ? 'merged' : value.state === 'closed' ? 'closed' : 'open',
      title: withoutDraftPrefix(value.title),
      body: value.description ?? '',
      draft: value.draft,
      branch: value.source_branch,
      headOid: value.sha ?? '',
      isOwnBranch: value.source_project_id === value.target_project_id,
      base: value.target_branch,
      labels: value.labels,
      reviewers: value.reviewers.map(({ username }) => username),
    }),
  )

export const mergeRequestListShape = z.array(mergeRequestShape)

export const userListShape = z.array(z.object({ id: z.int(), username: z.string() }))

export const reviewersShape = z.object({ reviewers: z.array(z.object({ id: z.int() })).default([]) })

export const selfShape = z.object({ username: z.string().min(1) }).transform(({ username }) => username)

export const descriptionShape = z.object({ description: z.string().nullish() }).transform(({ description }) => description ?? '')

export const namespaceShape = z.object({ id: z.int() })
