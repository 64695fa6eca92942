// The way out of the sandbox: commit inside, take the pack, check it, judge it, keep it.

import { isDiskFull } from '@slipway/core/errors/disk-full'
import type { PolicyFinding } from '@slipway/core/events'
import type { Airlock, OfferedCommit } from '@slipway/core/ports'
import { openQuarantine } from '@slipway/git/open-quarantine'
import { requireObjectId } from '@slipway/git/object-id'
import { git, GitFailed, gitText, runGit } from '@slipway/git/run-git'
import type { Identity } from '../identity.ts'
import type { AirlockLimits } from '../limits.ts'
import { displayPath } from '../tree-policy/display-path.ts'
import { judgeCommit } from '../tree-policy/judge-commit.ts'
import { checkHistory } from './check-history.ts'
import { checkMerge } from './check-merge.ts'
import { commitInside } from './commit-inside.ts'
import { receivePack } from './receive-pack.ts'
import { sendCommit } from './send-commit.ts'

export type OfferInput = Parameters<Airlock['offer']>[0]
export type OfferResult = Awaited<ReturnType<Airlock['offer']>>

export interface OfferSettings {
  home: string
  limits: AirlockLimits
  identity: Identity
}

/** Implements `Airlock.offer`. What is refused never enters the quarantine. Rejects when a disk of the host is full. */
export async function offerCommit(input: OfferInput, settings: OfferSettings): Promise<OfferResult> {
  requireObjectId(input.baseOid)
  requireObjectId(input.parentOid)
  const { parentOid, sandbox, signal, mergeOid = null } = input
  const gitDir = await openQuarantine({ home: settings.home, url: input.repository.url, sessionId: input.sessionId })
  if (mergeOid !== null) {
    const problem = await sendCommit({ sandbox, gitDir, oid: requireObjectId(mergeOid), haveOid: parentOid, signal })
    if (problem !== null) return refuse('failed', `What the base has become is not in the sandbox: ${problem}`)
  }
  const committed = await commitInside({ ...input, mergeOid, identity: settings.identity })
  if (!committed.ok) return refuse('failed', committed.message)
  if (committed.oid === input.baseOid) return nothingToCommit()
  if (await wasAccepted(gitDir, committed.oid))
    return judge({ ...input, ...settings, gitDir, oid: committed.oid, environment: {}, accept: async () => {} })
  const received = await receivePack({
    sandbox: input.sandbox,
    gitDir,
    oid: committed.oid,
    haveOids: [...new Set([input.baseOid, input.parentOid, ...(mergeOid === null ? [] : [mergeOid])])],
    limits: settings.limits,
    signal: input.signal,
  })
  if (!received.ok) return refuse(received.kind, received.message)
  try {
    const accept = async () => {
      await received.accept()
      await git({ args: ['update-ref', offeredRef(committed.oid), committed.oid], gitDir })
    }
    return await judge({ ...input, ...settings, gitDir, oid: committed.oid, environment: received.environment, accept })
  } catch (error) {
    if (!(error instanceof GitFailed) || input.signal.aborted || isDiskFull(error)) throw error
    // The objects are sound, yet git could not cope with what they say.
    const why = error.exitCode === null ? 'git broke down over it; its folders may be nested too deeply.' : error.message
    return refuse('refused', `The commit could not be judged and was not taken out of the sandbox. ${why}`)
  } finally {
    await received.discard()
  }
}

type JudgeInput = OfferInput & OfferSettings & { gitDir: string; oid: string; environment: Record<string, string>; accept(): Promise<void> }

async function judge(input: JudgeInput): Promise<OfferResult> {
  const { gitDir, environment, parentOid, mergeOid = null, oid, limits, signal } = input
  // What others have changed in the base is not this session's doing.
  const baseOid = mergeOid ?? input.baseOid
  const history = await checkHistory({ ...input, baseOid, maxCommits: limits.maxCommits })
  if (!history.ok) return refuse('refused', history.message)
  const wrong = mergeOid === null ? null : await checkMerge({ gitDir, environment, parentOid, mergeOid, oid, signal })
  if (wrong !== null) return refuse('refused', wrong)
  if (parentOid === baseOid && (await sameTree(input))) return nothingToCommit()
  const { forbidden, warnings } = await judgeCommit({ gitDir, environment, baseOid, oid, limits, signal })
  if (forbidden.length > 0) return refuse('refused', describeFindings(forbidden, baseOid), forbidden)
  const files = await countLines({ ...input, baseOid })
  await input.accept()
  const commit: OfferedCommit = { oid, subject: history.subject, files, warnings: [...warnings, ...history.warnings] }
  return { ok: true, commit }
}

async function sameTree({ gitDir, environment, baseOid, oid }: JudgeInput): Promise<boolean> {
  const trees = await gitText({ args: ['rev-parse', `${baseOid}^{tree}`, `${oid}^{tree}`], gitDir, environment })
  const [base, offered] = trees.split('\n')
  return base === offered
}

/** Lines added and removed against the base; zero for files that are not text. */
async function countLines({ gitDir, environment, baseOid, oid, signal }: JudgeInput): Promise<OfferedCommit['files']> {
  const args = ['diff-tree', '-r', '-z', '--numstat', '--no-renames', '--no-ext-diff', '--no-textconv', baseOid, oid]
  const output = (await git({ args, gitDir, environment, signal })).toString('utf8')
  return output
    .split('\0')
    .filter((record) => record !== '')
    .map((record) => {
      const [added = '', removed = '', ...path] = record.split('\t')
      return { path: displayPath(path.join('\t')), added: Number(added) || 0, removed: Number(removed) || 0 }
    })
}

function describeFindings(findings: PolicyFinding[], baseOid: string): string {
  const lines = findings.slice(0, 10).map(({ path, message }) => `${path === '' ? '' : `${path}: `}${message}`)
  return `The commit was not taken out of the sandbox.\n${lines.join('\n')}\nIf an earlier commit of this session brought it in: git reset --soft ${baseOid.slice(0, 12)}, put it right, and offer again.`
}

async function wasAccepted(gitDir: string, oid: string): Promise<boolean> {
  return (await runGit({ args: ['show-ref', '--verify', '--quiet', offeredRef(oid)], gitDir })).exitCode === 0
}

/** One ref per commit keeps each offer readable, also after later ones. */
function offeredRef(oid: string): string {
  return `refs/slipway/offered/${oid}`
}

function nothingToCommit(): OfferResult {
  return refuse('nothing-to-commit', 'The work tree is the same as the base commit.')
}

function refuse(kind: Extract<OfferResult, { ok: false }>['kind'], message: string, findings: PolicyFinding[] = []): OfferResult {
  return { ok: false, kind, message, findings }
}
