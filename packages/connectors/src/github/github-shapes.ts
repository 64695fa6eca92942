// The few fields that are read from GitHub's answers, checked where they come in.

import * as z from 'zod'

export const repositoryShape = z
  .object({
    full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
    default_branch: z.string().min(1),
    archived: z.boolean(),
    permissions: z.object({ push: z.boolean() }).optional(),
  })
  .transform((value) => ({
    slug: value.full_name,
    defaultBranch: value.default_branch,
    isArchived: value.archived,
    /** null: GitHub does not say, as nobody is signed in. */
    canPush: value.permissions?.push ?? null,
  }))

export type GithubRepository = z.output<typeof repositoryShape>

export const refShape = z
  .object({ object: z.object({ sha: z.string().regex(/^[0-9a-f]{40,64}$/) }) })
  .transform((value) => ({ oid: value.object.sha }))

export const pullShape = z
  .object({
    number: z.int().positive(),
    node_id: z.string(),
    html_url: z.url({ protocol: /^https?$/ }),
    state: z.enum(['open', 'closed']),
    title: z.string(),
    body: z.string().nullable(),
    draft: z.boolean().optional(),
    merged_at: z.string().nullable(),
    /** The repository is null when the fork behind it was deleted. */
    head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ full_name: z.string() }).nullable() }),
    base: z.object({ ref: z.string() }),
  })
  .transform((value) => ({
    number: value.number,
    nodeId: value.node_id,
    url: value.html_url,
    state: value.merged_at !== null ? ('merged' as const) : value.state,
    title: value.title,
    body: value.body ?? '',
    draft: value.draft ?? false,
    branch: value.head.ref,
    headOid: value.head.sha,
    headSlug: value.head.repo?.full_name ?? null,
    base: value.base.ref,
  }))

export type GithubPull = z.output<typeof pullShape>

export const pullListShape = z.array(pullShape)

/** A GraphQL answer has status 200 even when it failed. */
export const graphqlShape = z.object({
  errors: z.array(z.object({ type: z.string().optional(), message: z.string() })).optional(),
})
