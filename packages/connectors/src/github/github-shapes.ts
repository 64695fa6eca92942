// The few fields that are read from GitHub's answers, checked where they come in.

import * as z from 'zod'
import type { HostedPull, HostedRepository } from '../hosted/hosted-client.ts'

export const repositoryShape = z
  .object({
    full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
    html_url: z.url({ protocol: /^https?$/ }),
    private: z.boolean(),
    default_branch: z.string().min(1),
    archived: z.boolean(),
    permissions: z.object({ push: z.boolean() }).optional(),
  })
  .transform(
    (value): HostedRepository => ({
      slug: value.full_name,
      url: value.html_url,
      isPrivate: value.private,
      defaultBranch: value.default_branch,
      isArchived: value.archived,
      // GitHub does not say when nobody is signed in.
      canPush: value.permissions?.push ?? null,
    }),
  )

export const repositoryListShape = z.array(repositoryShape)

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
    base: z.object({ ref: z.string(), repo: z.object({ full_name: z.string() }) }),
    labels: z.array(z.object({ name: z.string() })).default([]),
    requested_reviewers: z.array(z.object({ login: z.string() })).nullish(),
    requested_teams: z.array(z.object({ slug: z.string() })).nullish(),
  })
  .transform(
    (value): HostedPull => ({
      number: value.number,
      nodeId: value.node_id,
      url: value.html_url,
      state: value.merged_at !== null ? ('merged' as const) : value.state,
      title: value.title,
      body: value.body ?? '',
      draft: value.draft ?? false,
      branch: value.head.ref,
      headOid: value.head.sha,
      isOwnBranch: value.head.repo?.full_name.toLowerCase() === value.base.repo.full_name.toLowerCase(),
      base: value.base.ref,
      labels: value.labels.map(({ name }) => name),
      reviewers: [
        ...(value.requested_reviewers ?? []).map(({ login }) => login),
        ...(value.requested_teams ?? []).map((team) => `${value.base.repo.full_name.split('/')[0]}/${team.slug}`),
      ],
    }),
  )

export const pullListShape = z.array(pullShape)

/** An answer of which only the status counts. */
export const doneShape = z.unknown().transform(() => null)

/** A GraphQL answer has status 200 even when it failed. */
export const graphqlShape = z.object({
  errors: z.array(z.object({ type: z.string().optional(), message: z.string() })).optional(),
})

export const selfShape = z.object({ login: z.string().min(1) }).transform(({ login }) => login)

export const descriptionShape = z.object({ description: z.string().nullish() }).transform(({ description }) => description ?? '')
