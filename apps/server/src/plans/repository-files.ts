// The files that a repository has, so that a plan names real ones.

import { isAbsolute } from 'node:path'
import { parseRepository } from '@slipway/connectors/parse-repository'
import type { RepositoryRef } from '@slipway/core/events'
import type { ForgeFailure } from '@slipway/core/ports'
import type { PlanRow } from '@slipway/store/plans'
import { SlipwayError } from '../errors/slipway-error.ts'
import { isFolder } from '../intake/path-kind.ts'
import { refuseOthersRepository } from '../intake/refuse-others-files.ts'
import type { Runtime } from '../runtime.ts'
import type { PlanRequest } from './plan-shapes.ts'

type Files = { paths: string[]; isComplete: boolean }
type FilesResult = { ok: true; files: Files | null } | { ok: false; message: string; retryAfterMs: number | null }

const mostFiles = 600
const usualPauseMs = 10_000
const deadlineMs = 120_000

/** Reads them from the host's own mirror, which is brought up to date first. An empty repository has none. */
export async function filesFor(
  { ports, settings }: Pick<Runtime, 'ports' | 'settings'>,
  plan: PlanRow,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<FilesResult> {
  const parsed = repositoryOf(request, plan.ownerId, settings)
  if (!parsed.ok) return { ok: false, message: parsed.message, retryAfterMs: null }
  const { repository } = parsed
  const found = ports.forges.for(repository, plan.ownerId)
  if (!found.ok) return { ok: false, message: found.message, retryAfterMs: null }
  const prepared = await found.forge.prepare({ repository, signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]) })
  if (!prepared.ok)
    return prepared.problem === 'empty-repository'
      ? { ok: true, files: null }
      : { ok: false, message: prepared.message, retryAfterMs: pauseFor(prepared) }
  const { paths, truncated } = await ports.repositories.listFiles({ repository, oid: prepared.baseOid, limit: mostFiles })
  return { ok: true, files: { paths, isComplete: !truncated } }
}

/** What passes by itself is waited for. */
function pauseFor({ problem, retryAfterMs }: ForgeFailure): number | null {
  return problem === 'network' || problem === 'rate-limit' ? (retryAfterMs ?? usualPauseMs) : null
}

/** The repository as its owner may name it. */
export function repositoryOf(
  { repository, base }: Pick<PlanRequest, 'repository' | 'base'>,
  ownerId: string,
  { github, gitlab, localRepositories }: Pick<Runtime['settings'], 'github' | 'gitlab' | 'localRepositories'>,
): { ok: true; repository: RepositoryRef } | { ok: false; message: string } {
  const isThere = (path: string) => isAbsolute(path) && isFolder(path)
  const parsed = parseRepository(repository ?? '', { githubUrl: github.url, gitlabUrl: gitlab.url, base, isFolder: isThere })
  if (!parsed.ok) return parsed
  if (parsed.repository.forge === 'local' && !isAbsolute(parsed.repository.url))
    return { ok: false, message: 'Give the repository as an absolute path on the server, as owner/name, or as an https address.' }
  try {
    refuseOthersRepository({ ownerId }, parsed.repository, localRepositories)
    return parsed
  } catch (error) {
    if (error instanceof SlipwayError) return { ok: false, message: error.message }
    throw error
  }
}
