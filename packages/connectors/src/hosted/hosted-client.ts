// What GitHub and GitLab have in common for the Forge port: a few calls, each made once, and what they answer.

import type { ForgeFailure } from '@slipway/core/ports'

export interface ApiFailure {
  ok: false
  failure: ForgeFailure
  /** true: the forge may have done it, only the answer is missing. Look before calling again. */
  isAnswerLost: boolean
  /** The forge's own words, redacted; empty when there was no answer. */
  said: string
}

export type ApiResult<Value> = { ok: true; value: Value } | ApiFailure

export interface HostedRepository {
  /** Its present name. */
  slug: string
  url: string
  isPrivate: boolean
  /** null: it has no commit yet. */
  defaultBranch: string | null
  isArchived: boolean
  /** null: the forge does not say. */
  canPush: boolean | null
}

export interface NewHostedRepository {
  namespace: string | null
  name: string
  isPrivate: boolean
  description: string
}

export interface HostedPull {
  number: number
  /** What the forge's other APIs call it. */
  nodeId: string
  url: string
  state: 'open' | 'merged' | 'closed'
  title: string
  body: string
  draft: boolean
  branch: string
  headOid: string
  /** false: it comes from a fork. */
  isOwnBranch: boolean
  base: string
  labels: string[]
  reviewers: string[]
}

export interface PullText {
  slug: string
  branch: string
  base: string
  title: string
  body: string
  draft: boolean
}

/** A change request is called a pull here, whatever its forge calls it. */
export interface HostedClient {
  /** The repository under its present name; a renamed one is followed. */
  getRepository(slug: string, signal: AbortSignal): Promise<ApiResult<HostedRepository>>
  /** Repositories that the account is a member of, the latest changed first. With a `search`, those with it in their name or the names of their groups. */
  listRepositories(input: { search: string; page: number }, signal: AbortSignal): Promise<ApiResult<HostedRepositories>>
  /** The account's name at the forge, which is also that of its own namespace. */
  whoAmI(signal: AbortSignal): Promise<ApiResult<string>>
  /** What the repository says of itself; empty when it says nothing. */
  getDescription(slug: string, signal: AbortSignal): Promise<ApiResult<string>>
  /** With a first commit. `namespace` null: the account's own. `refused` when the name is taken. */
  createRepository(input: NewHostedRepository, signal: AbortSignal): Promise<ApiResult<HostedRepository>>
  /** The commit of a branch; null when the branch does not exist. */
  getRef(input: { slug: string; branch: string }, signal: AbortSignal): Promise<ApiResult<string | null>>
  /** Those from a branch of the repository itself, newest first, at most 100. */
  listPulls(input: { slug: string; branch: string }, signal: AbortSignal): Promise<ApiResult<HostedPull[]>>
  getPull(input: { slug: string; number: number }, signal: AbortSignal): Promise<ApiResult<HostedPull>>
  createPull(input: PullText, signal: AbortSignal): Promise<ApiResult<HostedPull>>
  /** `draft` is what it is now: GitLab keeps it in the title. */
  updatePull(
    input: { slug: string; number: number; title: string; body: string; draft: boolean },
    signal: AbortSignal,
  ): Promise<ApiResult<HostedPull>>
  setDraft(input: { slug: string; pull: HostedPull; draft: boolean }, signal: AbortSignal): Promise<ApiResult<null>>
  closePull(input: { slug: string; number: number }, signal: AbortSignal): Promise<ApiResult<HostedPull>>
  /** Labels that it has already stay; one that the repository lacks is made. */
  addLabels(input: { slug: string; number: number; labels: string[] }, signal: AbortSignal): Promise<ApiResult<null>>
  /** `refused` when the forge does not know the name, or the person may not review here. */
  addReviewer(input: { slug: string; pull: HostedPull; reviewer: string }, signal: AbortSignal): Promise<ApiResult<null>>
}

export interface HostedRepositories {
  repositories: HostedRepository[]
  /** null: this was the last page. */
  nextPage: number | null
}

/** What a forge calls things, for messages, and how long its texts may be. */
export interface HostedWords {
  forge: 'GitHub' | 'GitLab'
  pull: 'pull request' | 'merge request'
  titleLimit: number
  bodyLimit: number
}
