// Labels and reviewers of a change request. Each is wished for by itself: a reviewer that is not to be had costs nobody the others.

import type { ForgeFailure } from '@slipway/core/ports'
import type { Hosted } from './open-pull.ts'

export interface PullMarks {
  slug: string
  number: number
  labels: string[]
  reviewers: string[]
}

/** What is there already is not asked for again. `missing` says in words what the forge refused. */
export async function markPull(
  { client }: Hosted,
  input: PullMarks,
  signal: AbortSignal,
): Promise<{ ok: true; missing: string[] } | ForgeFailure> {
  const found = await client.getPull(input, signal)
  if (!found.ok) return found.failure
  const missing: string[] = []
  const labels = input.labels.filter((label) => !has(found.value.labels, label))
  if (labels.length > 0) {
    const added = await client.addLabels({ ...input, labels }, signal)
    if (!added.ok && isPassing(added.failure)) return added.failure
    if (!added.ok) missing.push(`labels ${labels.join(', ')}: ${added.failure.message}`)
  }
  for (const reviewer of input.reviewers) {
    if (has(found.value.reviewers, reviewer)) continue
    const added = await client.addReviewer({ slug: input.slug, pull: found.value, reviewer }, signal)
    if (!added.ok && isPassing(added.failure)) return added.failure
    if (added.ok) found.value.reviewers.push(reviewer)
    else missing.push(`reviewer ${reviewer}: ${added.failure.message}`)
  }
  return { ok: true, missing }
}

function has(names: string[], name: string): boolean {
  return names.some((known) => known.toLowerCase() === name.toLowerCase())
}

function isPassing({ problem }: ForgeFailure): boolean {
  return problem === 'network' || problem === 'rate-limit' || problem === 'auth'
}
