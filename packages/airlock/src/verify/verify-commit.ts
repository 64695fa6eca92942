// Proves a commit: a fresh sandbox, exactly this commit, set-up, then each check. A sandbox serves one verification and is destroyed.

import { saysDiskGaveWay } from '@slipway/core/errors/disk-full'
import type { Receipt } from '@slipway/core/events'
import type { Airlock, EgressPolicy, Ids, Sandbox, Sandboxes, SandboxLimits, Verification } from '@slipway/core/ports'
import { SandboxLost } from '@slipway/core/ports'
import { bundleCommits } from '@slipway/git/bundle-commits'
import { requireObjectId } from '@slipway/git/object-id'
import { gitText } from '@slipway/git/run-git'
import { runInSandbox } from '../run-in-sandbox.ts'
import { seedWorkspace } from '../seed-workspace.ts'
import { chooseChecks } from './choose-checks.ts'
import { runCheck, withNote } from './run-check.ts'
import type { CheckOutcome } from './run-check.ts'
import type { FindChecks, RunSetup } from './verification-ports.ts'

export interface VerifySettings {
  gitDir: string
  sandboxes: Sandboxes
  ids: Ids
  runSetup: RunSetup
  findChecks: FindChecks
  sandboxLimits: SandboxLimits
  /** Network while the checks run. */
  egress: EgressPolicy
  checkTimeoutMs: number
}

export type VerifyInput = Parameters<Airlock['verify']>[0]

/** Implements `Airlock.verify`. `passed` only when every check ended by itself with exit code 0 at exactly this commit. */
export async function verifyCommit(input: VerifyInput, settings: VerifySettings): Promise<Verification> {
  const first = await verifyOnce(input, settings)
  // A sandbox that died says nothing about the commit. One that dies again may well do so because of it.
  return hasLostSandbox(first) && !input.signal.aborted ? verifyOnce(input, settings) : first
}

const hasLostSandbox = ({ receipts }: Verification): boolean => receipts.some(({ killed }) => killed === 'sandbox-lost')

async function verifyOnce(input: VerifyInput, settings: VerifySettings): Promise<Verification> {
  const startedAt = performance.now()
  const finish = (result: Verification['result'], receipts: Receipt[]): Verification => ({
    result,
    receipts,
    ms: Math.round(performance.now() - startedAt),
  })
  requireObjectId(input.oid)
  requireObjectId(input.baseOid)
  const chosen = await chooseChecks({ ...input, ...settings })
  if (chosen.commands.length === 0) return finish('no-checks', [])
  const created = await createSandbox(input, settings)
  if (!created.ok) {
    const killed = created.kind === 'failed' ? 'sandbox-lost' : null
    return finish('could-not-run', [{ ...explain('start a clean sandbox', created.message), killed }])
  }
  const receipts: Receipt[] = []
  try {
    const problem = await prepare(created.sandbox, input, settings, receipts)
    if (problem) return finish('could-not-run', [...receipts, problem])
    const outcomes = await runChecks({ sandbox: created.sandbox, input, settings, commands: chosen.commands, receipts })
    if (chosen.note !== null) noteOnFirst(receipts, chosen.note, chosen.commands)
    return finish(summarise(outcomes, chosen.commands.length), receipts)
  } catch (error) {
    if (!(error instanceof SandboxLost)) throw error
    return finish('could-not-run', [...receipts, { ...explain('prepare a clean sandbox', error.message), killed: 'sandbox-lost' }])
  } finally {
    await created.sandbox.close({ deleteWorkspace: true }).catch(() => {})
  }
}

function createSandbox(input: VerifyInput, { sandboxes, ids, sandboxLimits, egress }: VerifySettings) {
  const sandboxId = ids.next()
  return sandboxes.create(input.backend, {
    sandboxId,
    sessionId: input.sessionId,
    workspace: `verify-${sandboxId}`,
    limits: sandboxLimits,
    egress,
    phase: 'verification',
    onEgress: input.onEgress,
  })
}

/** Seeds, confirms and sets up; returns the receipt of what went wrong. */
async function prepare(sandbox: Sandbox, input: VerifyInput, settings: VerifySettings, receipts: Receipt[]): Promise<Receipt | null> {
  const { baseOid, oid, signal, repository, sessionId } = input
  const bundle = bundleCommits({
    gitDir: settings.gitDir,
    refs: [
      { name: 'refs/heads/base', oid: baseOid },
      { name: 'refs/heads/work', oid },
    ],
    signal,
  })
  try {
    await seedWorkspace({ sandbox, bundle, baseBranch: 'base', branch: 'verification', baseOid, workOid: oid, signal })
  } catch (error) {
    if (error instanceof SandboxLost) throw error
    // The machine's trouble, which says nothing about the commit.
    if (error instanceof Error && saysDiskGaveWay(error.message)) throw error
    return explain('put the commit into the sandbox', error instanceof Error ? error.message : String(error))
  }
  const mismatch = await confirmCommit(sandbox, settings.gitDir, oid)
  if (mismatch !== null) return explain('confirm the commit', mismatch)
  const setup = await settings.runSetup(sandbox, { repository, sessionId, oid, signal, onOutput: input.onOutput })
  receipts.push(...setup.steps)
  if (!setup.ok) return explain('set the repository up', 'The set-up failed, so no check could run.')
  await sandbox.setEgress(settings.egress, 'verification')
  return null
}

async function confirmCommit(sandbox: Sandbox, gitDir: string, oid: string): Promise<string | null> {
  const expected = [oid, await gitText({ args: ['rev-parse', `${oid}^{tree}`], gitDir })].join('\n')
  const found = (await runInSandbox(sandbox, { argv: ['git', 'rev-parse', 'HEAD', 'HEAD^{tree}'] })).stdout.trim()
  return found === expected ? null : `The sandbox has ${JSON.stringify(found.slice(0, 200))} instead of commit ${oid}.`
}

interface RunChecksInput {
  sandbox: Sandbox
  input: VerifyInput
  settings: VerifySettings
  commands: string[]
  receipts: Receipt[]
}

async function runChecks({ sandbox, input, settings, commands, receipts }: RunChecksInput): Promise<CheckOutcome[]> {
  const outcomes: CheckOutcome[] = []
  let changedBefore = await changedFiles(sandbox)
  for (const command of commands) {
    if (input.signal.aborted) break
    const { outcome, receipt } = await runCheck({
      sandbox,
      command,
      timeoutMs: settings.checkTimeoutMs,
      signal: input.signal,
      onOutput: input.onOutput,
    })
    outcomes.push(outcome)
    receipts.push(receipt)
    if (receipt.killed === 'sandbox-lost') break
    const changed = await changedFiles(sandbox).catch(() => changedBefore)
    const fresh = changed.filter((path) => !changedBefore.includes(path))
    if (fresh.length > 0)
      receipts[receipts.length - 1] = withNote(
        receipt,
        `This check changed files of the commit: ${fresh.slice(0, 5).join(', ')}${fresh.length > 5 ? ` and ${fresh.length - 5} more` : ''}.`,
      )
    changedBefore = changed
  }
  return outcomes
}

async function changedFiles(sandbox: Sandbox): Promise<string[]> {
  const { stdout } = await runInSandbox(sandbox, {
    argv: ['git', '-c', 'core.fsmonitor=false', 'diff', '--no-ext-diff', '--no-textconv', '--name-only', 'HEAD'],
  })
  return stdout.split('\n').filter((line) => line !== '')
}

function summarise(outcomes: CheckOutcome[], wanted: number): Verification['result'] {
  if (outcomes.includes('failed')) return 'failed'
  const passed = outcomes.filter((outcome) => outcome === 'passed').length
  if (passed === wanted) return 'passed'
  return passed > 0 ? 'partial' : 'could-not-run'
}

function noteOnFirst(receipts: Receipt[], note: string, commands: string[]): void {
  const first = receipts.findIndex(({ command }) => command === commands[0])
  const receipt = receipts[first]
  if (receipt) receipts[first] = withNote(receipt, note)
}

/** A step of our own that failed, in the form of a receipt, so that a person sees why nothing was proved. */
function explain(step: string, message: string): Receipt {
  return { command: `(${step})`, exitCode: null, killed: null, ms: 0, outputSha: '', tail: message.slice(0, 2048) }
}
