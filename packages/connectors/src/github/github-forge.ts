// The Forge port on GitHub: git for commits, the API for pull requests. The token stays on the host, in askpass and in a header.

import type { RepositoryRef } from '@slipway/core/events'
import type { ChangeRequest, Clock, Forge, ForgeFailure, ForgeProblem } from '@slipway/core/ports'
import { gitCredential } from '@slipway/git/git-credential'
import { listRemote } from '@slipway/git/list-remote'
import { openQuarantine } from '@slipway/git/open-quarantine'
import { prepareMirror } from '@slipway/git/prepare-mirror'
import { pushCommit } from '@slipway/git/push-commit'
import { parseRepositoryUrl } from '@slipway/git/repository-url'
import { createGithubClient, type GithubClient } from './github-client.ts'
import type { GithubSettings } from './github-settings.ts'
import type { GithubPull } from './github-shapes.ts'
import { findPull, openPull } from './open-pull.ts'
import { updatePull } from './update-pull.ts'

export interface GithubForgeOptions {
  settings: GithubSettings
  home: string
  clock: Clock
}

/** Implements `Forge` for `forge: 'github'`. Mirrors and quarantines are below `home`. */
export function openGithubForge({ settings, home, clock }: GithubForgeOptions): Forge {
  const client = createGithubClient(settings, () => clock.now())
  const credential = settings.token === null ? null : gitCredential('x-access-token', settings.token.reveal())
  return {
    async prepare({ repository, signal }) {
      const located = await locate(client, settings, repository, signal)
      if (!located.ok) return located
      const refusal = cannotPublish(located)
      if (refusal) return refusal
      // The mirror is known by the address of the session; git follows GitHub's redirect of a renamed repository.
      const { url, base } = repository
      const prepared = await prepareMirror({ home, url, base: base ?? located.defaultBranch, credential, signal })
      return prepared.ok ? { ok: true, baseBranch: prepared.baseBranch, baseOid: prepared.baseOid } : prepared
    },

    async push({ repository, sessionId, oid, branch, expectedOid, signal }) {
      const located = await locate(client, settings, repository, signal)
      if (!located.ok) return located
      const url = `${settings.url}/${located.slug}`
      const gitDir = await openQuarantine({ home, url: repository.url, sessionId })
      const pushed = await pushCommit({ gitDir, url, oid, branch, expectedOid, credential, signal })
      if (!pushed.ok || pushed.alreadyThere) return pushed
      const confirmed = await branchIsAt({ url, branch, oid, credential, signal })
      return confirmed.ok ? pushed : confirmed
    },

    async findChangeRequest({ repository, branch, signal }) {
      const located = await locate(client, settings, repository, signal)
      if (!located.ok) return located
      const found = await findPull(client, { slug: located.slug, branch }, signal)
      return found.ok ? { ok: true, changeRequest: found.pull && toChangeRequest(found.pull) } : found
    },

    async openChangeRequest({ repository, branch, base, title, body, draft, signal }) {
      const located = await locate(client, settings, repository, signal)
      if (!located.ok) return located
      const opened = await openPull(client, { slug: located.slug, branch, base, title, body, draft }, signal)
      return opened.ok ? { ok: true, changeRequest: toChangeRequest(opened.pull), alreadyThere: opened.alreadyThere } : opened
    },

    async updateChangeRequest({ repository, number, title, body, draft, signal }) {
      const located = await locate(client, settings, repository, signal)
      if (!located.ok) return located
      const updated = await updatePull(client, { slug: located.slug, number, title, body, draft }, signal)
      return updated.ok ? { ok: true, changeRequest: toChangeRequest(updated.pull) } : updated
    },
  }
}

type Located = { ok: true; slug: string; defaultBranch: string; isArchived: boolean; canPush: boolean | null }

/** The repository under its present name, so that no write meets a redirect. */
async function locate(
  client: GithubClient,
  settings: GithubSettings,
  repository: RepositoryRef,
  signal: AbortSignal,
): Promise<Located | ForgeFailure> {
  if (repository.slug === null) throw new Error('A GitHub repository needs its owner/name.')
  if (settings.token === null) {
    return failure(
      'auth',
      `No token for ${settings.url} is set, so nothing could be pushed to ${repository.slug}. Create one at ${settings.url}/settings/personal-access-tokens (Contents and Pull requests: read and write) and set GITHUB_TOKEN.`,
    )
  }
  const found = await client.getRepository(repository.slug, signal)
  return found.ok ? { ok: true, ...found.value } : found.failure
}

/** What would make the push fail is said before any work is done. */
function cannotPublish({ slug, isArchived, canPush }: Located): ForgeFailure | null {
  if (isArchived)
    return failure('refused', `${slug} is archived, so nothing can be pushed to it. Un-archive it in its settings, or use a fork.`)
  if (canPush === false)
    return failure(
      'auth',
      `The token's owner may not write to ${slug}. Ask for write access, use a fork, or set GITHUB_TOKEN to another token.`,
    )
  return null
}

async function branchIsAt(input: {
  url: string
  branch: string
  oid: string
  credential: ReturnType<typeof gitCredential> | null
  signal: AbortSignal
}): Promise<{ ok: true } | ForgeFailure> {
  const parsed = parseRepositoryUrl(input.url)
  if (!parsed.ok) return failure('refused', parsed.message)
  const ref = `refs/heads/${input.branch}`
  const listed = await listRemote({ address: parsed.address, credential: input.credential }, { refs: [ref], signal: input.signal })
  if (!listed.ok) return listed
  const found = listed.remote.refs.get(ref)
  if (found === input.oid) return { ok: true }
  return failure(
    'conflict',
    `The push of ${input.branch} was accepted, but the branch is now at ${found ?? 'no commit'} instead of ${input.oid}. Somebody else changed it.`,
  )
}

function toChangeRequest({ number, url, branch, base, draft, state, title }: GithubPull): ChangeRequest {
  return { number, url, branch, base, draft, state, title }
}

function failure(problem: ForgeProblem, message: string): ForgeFailure {
  return { ok: false, problem, message, retryAfterMs: null }
}
