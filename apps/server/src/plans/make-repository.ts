// Makes the repository that was approved, once, and gives it to its plan.

import { join } from 'node:path'
import { openHostedClient } from '@slipway/connectors/open-hosted-client'
import { makeRepository } from '@slipway/connectors/hosted/make-repository'
import { makeLocalRepository } from '@slipway/connectors/local/make-local-repository'
import type { ForgeFailure } from '@slipway/core/ports'
import type { OutboxEntry } from '@slipway/store/outbox'
import { getPlan, notePlanRepository, type PlanRow } from '@slipway/store/plans'
import { LOCAL_OWNER } from '../auth/person.ts'
import { hostedServersOf } from '../http/forge-routes.ts'
import type { Written } from '../outbox/run-outbox.ts'
import type { Runtime } from '../runtime.ts'
import { repositoryPayload } from './ask-for-repository.ts'
import { describeNewRepository, makersOf } from './new-repository.ts'
import type { NewRepository } from './plan-shapes.ts'
import { approvedLink, describeProject } from './project-link.ts'
import { readPlan } from './read-plan.ts'

type MakeRuntime = Pick<Runtime, 'store' | 'ports' | 'settings' | 'logger' | 'accounts'>
type Made = { ok: true; repository: string; slug: string | null } | ForgeFailure

const deadlineMs = 45_000

export function repositoryMaker(runtime: MakeRuntime) {
  const { pool } = runtime.store.database

  async function giveUp(id: string, hash: string, problem: string): Promise<Written> {
    await notePlanRepository(pool, { id, hash, made: { problem } })
    return { ok: false, isFinal: true, message: problem, retryAfterMs: null }
  }

  return async function make(entry: OutboxEntry, { signal }: { signal: AbortSignal }): Promise<Written> {
    const { planId, hash, wanted, vercel } = repositoryPayload.parse(entry.payload)
    const plan = await getPlan(pool, planId)
    if (plan === null || plan.droppedAt !== null || plan.repositoryAsked !== hash || readPlan(plan).newRepository === null)
      return { ok: false, isFinal: true, message: 'The plan does not ask for this repository any more.', retryAfterMs: null }
    // Whether Vercel’s account is another one is seen when its project is made.
    const present = describeNewRepository(planId, wanted, { ...(await makersOf(runtime.accounts, plan.ownerId, wanted)), vercel })
    if (present.hash !== hash)
      return giveUp(planId, hash, 'Another account is connected now than when it was approved. Look at the proposal again.')
    const made = await makeIt(runtime, plan, wanted, AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]))
    if (made.ok) {
      const next = nextFor(plan, { wanted, slug: made.slug, vercel })
      const left = { next: next?.link ?? null, writes: next === null ? [] : [next.write] }
      await notePlanRepository(pool, { id: planId, hash, made: { repository: made.repository, ...left } })
      runtime.logger.info({ plan: planId, repository: made.repository }, 'a repository was made')
      return { ok: true, answer: { repository: made.repository } }
    }
    await notePlanRepository(pool, { id: planId, hash, made: { problem: made.message } })
    return { ok: false, isFinal: !passes(made), message: made.message, retryAfterMs: made.retryAfterMs }
  }
}

/** What was approved with the repository and is still to be done; null: nothing. */
function nextFor(plan: PlanRow, { wanted, slug, vercel }: { wanted: NewRepository; slug: string | null; vercel: string | null }) {
  const { forge, vercelProject } = wanted
  if (vercelProject === null || slug === null || forge === 'local') return null
  const link = { forge, slug, project: vercelProject, asked: null, problem: null, isLinked: false }
  return approvedLink(plan.id, { link, hash: describeProject(plan.id, link, vercel).hash, version: plan.version })
}

function passes({ problem }: ForgeFailure): boolean {
  return problem === 'network' || problem === 'rate-limit' || problem === 'conflict'
}

function makeIt(runtime: MakeRuntime, plan: PlanRow, wanted: NewRepository, signal: AbortSignal): Promise<Made> {
  return wanted.forge === 'local' ? makeHere(runtime, plan, wanted) : makeThere(runtime, plan, wanted, wanted.forge, signal)
}

/** The same words every time, so that a repeated call finds what an earlier one has made. */
function markOf(plan: PlanRow): string {
  return `(made by Slipway for plan ${plan.id})`
}

async function makeThere(
  { accounts, settings, ports }: MakeRuntime,
  plan: PlanRow,
  { namespace, name, isPrivate }: NewRepository,
  provider: 'github' | 'gitlab',
  signal: AbortSignal,
): Promise<Made> {
  const forge = provider === 'github' ? 'GitHub' : 'GitLab'
  const account = await accounts.find({ ownerId: plan.ownerId, provider })
  if (account === null)
    return refused('auth', `No account at ${forge} is connected. Connect one in Settings → Connections, then try again.`)
  const client = openHostedClient(account, hostedServersOf(settings), ports.clock)
  const made = await makeRepository(
    { client, words: { forge } },
    { namespace, name, isPrivate, title: plan.title, mark: markOf(plan) },
    signal,
  )
  if (!made.ok) return made
  const { slug, defaultBranch } = made.repository
  // Work begins from its first commit, which the forge makes by itself.
  const first = defaultBranch === null ? null : await client.getRef({ slug, branch: defaultBranch }, signal)
  if (first !== null && !first.ok && first.failure.problem !== 'empty-repository') return first.failure
  if (first === null || !first.ok || first.value === null)
    return refused('network', `${forge} has made ${slug}, and has not written its first commit yet. It is looked at again.`)
  return { ok: true, repository: `${settings[provider].url}/${slug}`, slug }
}

async function makeHere({ settings, ports }: MakeRuntime, plan: PlanRow, { namespace, name }: NewRepository): Promise<Made> {
  const folder = plan.ownerId === LOCAL_OWNER ? join(settings.home, 'repositories') : settings.localRepositories[0]
  if (folder === undefined)
    return refused(
      'refused',
      'Repositories on the server itself are for whoever runs it. Choose GitHub or GitLab, or ask for a folder in SLIPWAY_LOCAL_REPOSITORIES.',
    )
  if (namespace !== null) return refused('refused', 'A repository on this server belongs to no group. Leave the owner out.')
  const gitDir = join(folder, `${name}.git`)
  const { requirements } = readPlan(plan)
  const readme = `# ${plan.title}\n\n${requirements?.goal ?? ''}`.trim()
  const made = await makeLocalRepository({ gitDir, mark: plan.id, readme: `${readme}\n`, at: new Date(ports.clock.now()) })
  return made.ok ? { ok: true, repository: gitDir, slug: null } : made
}

function refused(problem: ForgeFailure['problem'], message: string): ForgeFailure {
  return { ok: false, problem, message, retryAfterMs: null }
}
