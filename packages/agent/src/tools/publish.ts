// Pushes exactly the verified commit to the session's own branch and opens its change request. By the host, once.

import type { EventBody, RepositoryRef } from '@slipway/core/events'
import type { Forge, ForgeFailure, Ports } from '@slipway/core/ports'
import { describeChange } from '@slipway/core/publish/describe-change'
import { describeVerification } from '@slipway/core/publish/receipts'
import { changeInput } from '@slipway/core/publish/change-input'
import type { ToolCall } from '@slipway/core/state'
import type { DriveContext } from '../drive-context.ts'
import { wantedMarks } from './change-request-rules.ts'
import { secretAdvice } from './commit.ts'
import { NeedsAccount } from './needs-account.ts'
import type { ToolOutcome } from './tool-outcome.ts'

const attempts = 4

/** Every outward call looks up what is there already, so that a repetition after a crash finds instead of doubles. */
export async function publish(context: DriveContext, call: ToolCall, signal: AbortSignal): Promise<ToolOutcome> {
  const { session, ports } = context
  const state = session.state()
  const { commit } = state.work
  if (!commit || !state.repository) throw new Error('publish without a commit')
  const found = ports.forges.for(state.repositoryRef, state.ownerId)
  if (!found.ok) return failed(found.message)
  const change = describeChange(changeInput(state, call))

  const scan = await ports.airlock.scan({
    repository: state.repositoryRef,
    sessionId: state.sessionId,
    baseOid: state.repository.baseOid,
    oid: commit.oid,
    texts: [change.title, change.body, state.repository.branch],
    signal,
  })
  if (scan.result !== 'clean') return failed(secretAdvice(scan))

  const pushed = await push(context, found.forge, commit.oid, signal)
  if (!pushed.ok) return giveUp('push the branch', pushed)
  await session.record([{ type: 'branch-pushed', branch: state.repository.branch, oid: commit.oid, alreadyThere: pushed.alreadyThere }])

  const opened = await openOnce(context, found.forge, change, signal)
  if (!opened.ok) return giveUp('open the change request', opened)
  await session.record([opened.fact])
  const { number, url, draft } = opened.fact
  const missing = await mark(context, found.forge, number, signal)
  const notes = missing.map((text) => `\nNot done: ${text}`).join('')
  return {
    ok: true,
    output: `Published ${commit.oid.slice(0, 10)} as change request ${number}${draft ? ' (draft)' : ''}: ${url}\n${describeVerification(state.work.verification)}${notes}`,
    changed: false,
    problem: null,
    facts: { number, url, draft },
  }
}

type Pushed = { ok: true; alreadyThere: boolean } | ForgeFailure

async function push({ session, ports }: DriveContext, forge: Forge, oid: string, signal: AbortSignal): Promise<Pushed> {
  const { repositoryRef, sessionId, repository, work } = session.state()
  const branch = repository?.branch ?? ''
  const key = `push:${sessionId}:${branch}:${oid}`
  await ports.effects.intend({ key, sessionId, kind: 'push', request: { branch, oid } })
  // Also when it was done: somebody may have deleted the branch since, and a push finds what is there.
  const expectedOid = work.pushed?.oid ?? null
  const result = await retrying(ports, signal, () => forge.push({ repository: repositoryRef, sessionId, oid, branch, expectedOid, signal }))
  if (result.ok) await ports.effects.finish({ key, answer: { oid } })
  return result
}

type Opened = { ok: true; fact: Extract<EventBody, { type: 'change-request-opened' }> } | ForgeFailure

async function openOnce(
  { session, ports }: DriveContext,
  forge: Forge,
  change: { title: string; body: string },
  signal: AbortSignal,
): Promise<Opened> {
  const state = session.state()
  const { repositoryRef: repository, sessionId } = state
  const branch = state.repository?.branch ?? ''
  const base = state.repository?.baseBranch ?? ''
  const draft = state.work.verification?.result !== 'passed'
  const existing = await retrying(ports, signal, () => forge.findChangeRequest({ repository, branch, signal }))
  if (!existing.ok) return existing
  if (existing.changeRequest?.state === 'open')
    return update(forge, ports, { repository, number: existing.changeRequest.number, ...change, draft, branch, base, signal })
  const key = `change-request:${sessionId}:${state.work.pushed?.oid ?? ''}`
  await ports.effects.intend({ key, sessionId, kind: 'change-request', request: { branch, base, title: change.title } })
  const opened = await retrying(ports, signal, () => forge.openChangeRequest({ repository, branch, base, ...change, draft, signal }))
  if (!opened.ok) return opened
  await ports.effects.finish({ key, answer: opened.changeRequest })
  const { number, url } = opened.changeRequest
  return {
    ok: true,
    fact: {
      type: 'change-request-opened',
      number,
      url,
      branch,
      base,
      draft: opened.changeRequest.draft,
      alreadyThere: opened.alreadyThere,
    },
  }
}

/** Labels and reviewers by the repository's own rules. What cannot be had is told; the change request is there all the same. */
async function mark({ session, ports }: DriveContext, forge: Forge, number: number, signal: AbortSignal): Promise<string[]> {
  const { repositoryRef: repository, repository: prepared, work } = session.state()
  const paths = (work.commit?.files ?? []).map(({ path }) => path)
  const { labels, reviewers, problems } = await wantedMarks(ports.repositories, { repository, baseOid: prepared?.baseOid ?? '', paths })
  if (labels.length + reviewers.length === 0) return problems
  const marked = await retrying(ports, signal, () => forge.markChangeRequest({ repository, number, labels, reviewers, signal }))
  return marked.ok ? [...problems, ...marked.missing] : [...problems, marked.message]
}

interface Update {
  repository: RepositoryRef
  number: number
  title: string
  body: string
  draft: boolean
  branch: string
  base: string
  signal: AbortSignal
}

async function update(forge: Forge, ports: Ports, { branch, base, ...wanted }: Update): Promise<Opened> {
  const updated = await retrying(ports, wanted.signal, () => forge.updateChangeRequest(wanted))
  if (!updated.ok) return updated
  const { number, url, draft } = updated.changeRequest
  return { ok: true, fact: { type: 'change-request-opened', number, url, branch, base, draft, alreadyThere: true } }
}

/** Tries again where a later try can help; the calls themselves find what an earlier try left. */
async function retrying<T extends { ok: true } | ForgeFailure>(
  ports: Pick<Ports, 'clock'>,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const result = await call()
    if (result.ok || attempt >= attempts || signal.aborted) return result
    if (result.problem !== 'network' && result.problem !== 'rate-limit') return result
    const waitMs = result.retryAfterMs ?? 1_000 * 2 ** attempt
    if (waitMs > 60_000) return result
    await ports.clock.sleep(waitMs, signal)
  }
}

/** Throws NeedsAccount where only a person helps: what was done stays, and the call goes on from there. */
function giveUp(what: string, failure: ForgeFailure): ToolOutcome {
  if (failure.problem === 'auth') throw new NeedsAccount(`The host could not ${what}. ${failure.message}`)
  return failed(couldNot(what, failure))
}

function couldNot(what: string, failure: ForgeFailure): string {
  return `The host could not ${what} (${failure.problem}): ${failure.message}\nThe commit is safe on the host. Call publish again if this may pass; otherwise ask_human.`
}

function failed(output: string): ToolOutcome {
  return { ok: false, output, changed: false, problem: 'failed', facts: {} }
}
