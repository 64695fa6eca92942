// Makes a repository at most once: looks first, asks once, and looks again when the answer is lost.

import type { ForgeFailure } from '@slipway/core/ports'
import type { HostedClient, HostedRepository, HostedWords, NewHostedRepository } from './hosted-client.ts'

export type MadeRepository = { ok: true; repository: HostedRepository; alreadyThere: boolean } | ForgeFailure

/** GitHub takes 350 characters. */
const longestDescription = 300

/** `mark` is a part of its description by which a repeated call finds the one that it has made; one without it is somebody else's. */
export async function makeRepository(
  { client, words }: { client: HostedClient; words: Pick<HostedWords, 'forge'> },
  input: Omit<NewHostedRepository, 'description'> & { title: string; mark: string },
  signal: AbortSignal,
): Promise<MadeRepository> {
  const self = await client.whoAmI(signal)
  if (!self.ok) return self.failure
  const isOwn = input.namespace === null || input.namespace.toLowerCase() === self.value.toLowerCase()
  const slug = `${input.namespace ?? self.value}/${input.name}`
  const before = await look(client, slug, input.mark, signal)
  if (!before.ok) return before
  if (before.found === 'other') return taken(slug, words.forge)
  if (before.found !== null) return { ok: true, repository: before.found, alreadyThere: true }
  const title = input.title.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, longestDescription - input.mark.length)
  const wanted = { ...input, namespace: isOwn ? null : input.namespace, description: `${title} ${input.mark}`.trim() }
  const created = await client.createRepository(wanted, signal)
  if (created.ok) return { ok: true, repository: created.value, alreadyThere: false }
  if (!created.isAnswerLost && !isTaken(created.said)) return created.failure
  const after = await look(client, slug, input.mark, signal)
  if (!after.ok || after.found === null) return created.failure
  return after.found === 'other' ? taken(slug, words.forge) : { ok: true, repository: after.found, alreadyThere: true }
}

async function look(
  client: HostedClient,
  slug: string,
  mark: string,
  signal: AbortSignal,
): Promise<{ ok: true; found: HostedRepository | 'other' | null } | ForgeFailure> {
  const there = await client.getRepository(slug, signal)
  if (!there.ok) return there.failure.problem === 'not-found' ? { ok: true, found: null } : there.failure
  // A name that was given up leads to where the repository is now, and is free.
  if (there.value.slug.toLowerCase() !== slug.toLowerCase()) return { ok: true, found: null }
  const description = await client.getDescription(slug, signal)
  if (!description.ok) return description.failure
  return { ok: true, found: description.value.includes(mark) ? there.value : 'other' }
}

function isTaken(said: string): boolean {
  return /already exists|already been taken/i.test(said)
}

function taken(slug: string, forge: string): ForgeFailure {
  const message = `${forge} has a repository ${slug} already, and it was not made for this plan. Choose another name, or use it as the plan’s repository.`
  return { ok: false, problem: 'refused', message, retryAfterMs: null }
}
