// The Forge port on a forge that is reached over the network: git for commits, the API for the rest. The token stays on the host, in askpass and in a header.

import type { Account } from '@slipway/core/accounts'
import type { RepositoryRef } from '@slipway/core/events'
import type { AssertHeld, ChangeRequest, Forge, ForgeFailure, ForgeProblem } from '@slipway/core/ports'
import type { GitCredential } from '@slipway/git/git-credential'
import { listRemote } from '@slipway/git/list-remote'
import { openQuarantine } from '@slipway/git/open-quarantine'
import { prepareMirror } from '@slipway/git/prepare-mirror'
import { pushCommit } from '@slipway/git/push-commit'
import { parseRepositoryUrl } from '@slipway/git/repository-url'
import { askingFirst } from './asking-first.ts'
import type { HostedClient, HostedPull, HostedRepository, HostedWords } from './hosted-client.ts'
import { markPull } from './mark-pull.ts'
import { findPull, openPull } from './open-pull.ts'
import { closePull, updatePull } from './update-pull.ts'
import { forRepository, type TokenHolder, withCredential } from './with-token.ts'

export interface HostedForgeOptions {
  /** Web and git address. */
  url: string
  words: HostedWords
  home: string
  /** Whose calls these are, looked up for each of them; null: nobody is connected. */
  findAccount(): Promise<Account | null>
  clientFor(account: TokenHolder): HostedClient
  /** What goes with the token when git asks. */
  gitUsername: string
}

type Ready = { ok: true; account: TokenHolder; hosted: { client: HostedClient; words: HostedWords }; repository: HostedRepository }

/** Implements `Forge`. Mirrors and quarantines are below `home`. What a person may not see is `not-found`, whatever the host has fetched for others. */
export function openHostedForge(options: HostedForgeOptions): Forge {
  const { home, gitUsername } = options
  const withGit = <Result extends { ok: true } | ForgeFailure>(
    account: TokenHolder,
    call: (credential: GitCredential) => Promise<Result>,
  ) => withCredential(account, gitUsername, call)
  return {
    async prepare({ repository, signal }) {
      const ready = await getReady(options, repository, signal)
      if (!ready.ok) return ready
      const refusal = cannotPublish(options, ready.repository)
      if (refusal) return refusal
      // The mirror is known by the address of the session; git follows the redirect of a renamed repository.
      const { url } = repository
      const base = repository.base ?? ready.repository.defaultBranch
      const prepared = await withGit(ready.account, (credential) => prepareMirror({ home, url, base, credential, signal }))
      return prepared.ok ? { ok: true, baseBranch: prepared.baseBranch, baseOid: prepared.baseOid } : prepared
    },

    async push({ repository, sessionId, oid, branch, expectedOid, signal, assertHeld }) {
      const ready = await getReady(options, repository, signal)
      if (!ready.ok) return ready
      const url = `${options.url}/${ready.repository.slug}`
      const gitDir = await openQuarantine({ home, url: repository.url, sessionId })
      const pushed = await withGit(ready.account, (credential) =>
        pushCommit({ gitDir, url, oid, branch, expectedOid, credential, signal, assertHeld }),
      )
      if (!pushed.ok || pushed.alreadyThere) return pushed
      const confirmed = await withGit(ready.account, (credential) => branchIsAt({ url, branch, oid, credential, signal }))
      return confirmed.ok ? pushed : confirmed
    },

    async findChangeRequest({ repository, branch, signal }) {
      const ready = await getReady(options, repository, signal)
      if (!ready.ok) return ready
      const found = await findPull(ready.hosted.client, { slug: ready.repository.slug, branch }, signal)
      return found.ok ? { ok: true, changeRequest: found.pull && toChangeRequest(found.pull) } : found
    },

    async openChangeRequest({ repository, branch, base, title, body, draft, signal, assertHeld }) {
      const ready = await getReady(options, repository, signal, assertHeld)
      if (!ready.ok) return ready
      const opened = await openPull(ready.hosted, { slug: ready.repository.slug, branch, base, title, body, draft }, signal)
      return opened.ok ? { ok: true, changeRequest: toChangeRequest(opened.pull), alreadyThere: opened.alreadyThere } : opened
    },

    async updateChangeRequest({ repository, number, title, body, draft, signal, assertHeld }) {
      const ready = await getReady(options, repository, signal, assertHeld)
      if (!ready.ok) return ready
      const updated = await updatePull(ready.hosted, { slug: ready.repository.slug, number, title, body, draft }, signal)
      return updated.ok ? { ok: true, changeRequest: toChangeRequest(updated.pull) } : updated
    },

    async markChangeRequest({ repository, number, labels, reviewers, signal, assertHeld }) {
      const ready = await getReady(options, repository, signal, assertHeld)
      return ready.ok ? markPull(ready.hosted, { slug: ready.repository.slug, number, labels, reviewers }, signal) : ready
    },

    async closeChangeRequest({ repository, number, signal }) {
      const ready = await getReady(options, repository, signal)
      if (!ready.ok) return ready
      const closed = await closePull(ready.hosted, { slug: ready.repository.slug, number }, signal)
      return closed.ok ? { ok: true, changeRequest: toChangeRequest(closed.pull) } : closed
    },
  }
}

/** The person's account, and the repository under its present name as that account sees it, so that no write meets a redirect. */
async function getReady(
  options: HostedForgeOptions,
  { slug }: RepositoryRef,
  signal: AbortSignal,
  assertHeld?: AssertHeld,
): Promise<Ready | ForgeFailure> {
  if (slug === null) throw new Error('A repository on a forge needs its name there.')
  const found = await options.findAccount()
  if (found === null) return failure('auth', notConnected(options.words, options.url, slug))
  const account = forRepository(found, slug)
  const client = askingFirst(options.clientFor(account), assertHeld)
  const looked = await client.getRepository(slug, signal)
  return looked.ok ? { ok: true, account, hosted: { client, words: options.words }, repository: looked.value } : looked.failure
}

function notConnected({ forge, pull }: HostedWords, url: string, slug: string): string {
  return `No account on ${url} is connected, so nothing could be read from ${slug} or pushed to it. Connect ${forge} in Settings → Connections (or set ${forge.toUpperCase()}_TOKEN to a token that may push branches and open ${pull}s), then go on.`
}

/** What would make the push fail is said before any work is done. */
function cannotPublish({ words }: HostedForgeOptions, { slug, isArchived, canPush }: HostedRepository): ForgeFailure | null {
  if (isArchived)
    return failure('refused', `${slug} is archived, so nothing can be pushed to it. Un-archive it in its settings, or use a fork.`)
  if (canPush === false)
    return failure(
      'auth',
      `The connected ${words.forge} account may not write to ${slug}. Ask for write access, use a fork, or connect another account in Settings → Connections.`,
    )
  return null
}

async function branchIsAt(input: {
  url: string
  branch: string
  oid: string
  credential: GitCredential
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

function toChangeRequest({ number, url, branch, base, draft, state, title }: HostedPull): ChangeRequest {
  return { number, url, branch, base, draft, state, title }
}

function failure(problem: ForgeProblem, message: string): ForgeFailure {
  return { ok: false, problem, message, retryAfterMs: null }
}
