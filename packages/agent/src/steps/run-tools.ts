// Runs tool calls: announce, carry out, snapshot the tree, append the outcome. Several at once when none changes anything.

import type { EventBody } from '@slipway/core/events'
import type { Ruling } from '@slipway/core/policy/rule-call'
import { CheckpointFailed, type Sandbox, SandboxLost } from '@slipway/core/ports'
import { parkBodies } from '@slipway/core/moves/guard-move'
import type { ToolCall } from '@slipway/core/state'
import { isTakenBackUntold, takenBackOutput } from '@slipway/core/work-tree/taken-back'
import type { DriveContext } from '../drive-context.ts'
import { LeaseLost } from '../session-log.ts'
import { NeedsAccount } from '../tools/needs-account.ts'
import { runTool } from '../tools/run-tool.ts'
import type { ToolOutcome } from '../tools/tool-outcome.ts'
import { WorkspaceUnavailable } from '../workspace-handle.ts'
import { capOutput } from '../tools/cap-output.ts'

/** Appends rulings and starts as one intent, then each call's outcome as it comes. */
export async function runTools(context: DriveContext, calls: { callId: string; ruling: Ruling }[]): Promise<void> {
  const { session } = context
  const chosen = calls.flatMap(({ callId }) => session.state().batch.find((call) => call.callId === callId) ?? [])
  const intent = chosen.flatMap((call): EventBody[] => [
    ...(call.starts > 0
      ? []
      : calls
          .filter(({ callId }) => callId === call.callId)
          .map(({ ruling }): EventBody => ({ type: 'tool-ruled', callId: call.callId, ...ruling }))),
    { type: 'tool-started', callId: call.callId, tool: call.tool },
  ])
  if (!(await session.intend(intent))) return
  await context.effect((signal) => Promise.all(chosen.map((call) => runOne(context, call, signal))))
}

async function runOne(context: DriveContext, call: ToolCall, signal: AbortSignal): Promise<void> {
  const { session, ports } = context
  const startedMs = performance.now()
  const carriedOut = await carryOut(context, call, signal)
  if (carriedOut === 'parked') return
  const { sandbox } = carriedOut
  const checkpoint = sandbox !== null && carriedOut.outcome.changed ? await snapshot(context, call, sandbox) : null
  // What was not kept is undone when the sandbox starts again, whatever the call itself says of it.
  const outcome = checkpoint === null || 'fact' in checkpoint ? carriedOut.outcome : undone(checkpoint)
  const kept = checkpoint !== null && 'fact' in checkpoint && checkpoint.changed ? checkpoint : null
  const isCut = signal.aborted && !outcome.ok
  const { output, blob } = await capOutput(call.tool, outcome.output, ports.blobs)
  const finished: EventBody = {
    type: 'tool-finished',
    callId: call.callId,
    ok: outcome.ok,
    output,
    blob,
    ms: Math.round(performance.now() - startedMs),
    changed: kept !== null,
    problem: isCut ? 'interrupted' : outcome.problem,
    facts: outcome.facts,
  }
  await session.record([...(kept ? [kept.fact] : []), finished])
  if (checkpoint !== null && 'failed' in checkpoint) await park(context, checkpoint.failed)
}

/** lost: with its sandbox. failed: it was there and could not be kept; a person has to mend the machine first. */
type Snapshot = { changed: boolean; fact: EventBody } | Undone
type Undone = { lost: string } | { failed: string }

/** The tree as it is after the call, unless the sandbox that the call ran in died or was replaced in between. */
async function snapshot(context: DriveContext, call: ToolCall, sandbox: Sandbox): Promise<Snapshot> {
  const { workspace, session } = context
  const replaced = { lost: 'another sandbox had taken its place before the work tree was kept' }
  if (!workspace.isOpen(sandbox)) return replaced
  try {
    const { checkpoint, treeHash, ms } = await sandbox.checkpoint()
    // By then it is the tree of the next sandbox.
    if (!workspace.isOpen(sandbox)) return replaced
    // The log decides what the next sandbox starts from, so a tree that the store alone knows is not kept yet.
    const changed = treeHash !== session.state().checkpoint?.treeHash
    return { changed, fact: { type: 'checkpoint-created', checkpoint, treeHash, callId: call.callId, ms } }
  } catch (error) {
    if (error instanceof CheckpointFailed) {
      await workspace.discard(sandbox)
      return { failed: error.message }
    }
    if (!(error instanceof SandboxLost)) throw error
    workspace.forget(sandbox.id)
    return { lost: error.message }
  }
}

function undone(snapshot: Undone): ToolOutcome {
  if ('lost' in snapshot) return sandboxEnded(snapshot.lost)
  return cut(
    `What this changed was not kept (${snapshot.failed}) The work tree is as it was before this call; do it again. Background commands are gone.`,
  )
}

/** `sandbox`: the one that the call ran in; null when it left the work tree alone. */
interface CarriedOut {
  outcome: ToolOutcome
  sandbox: Sandbox | null
}

async function carryOut(context: DriveContext, call: ToolCall, signal: AbortSignal): Promise<CarriedOut | 'parked'> {
  try {
    const sandbox = hostTools.has(call.tool) ? null : await context.workspace.sandbox()
    if (sandbox !== null && isTakenBackUntold(context.session.state())) return { outcome: cut(takenBackOutput), sandbox: null }
    return { outcome: await runTool(context, call, signal), sandbox }
  } catch (error) {
    if (error instanceof LeaseLost) throw error
    if (error instanceof WorkspaceUnavailable) {
      if (signal.aborted) return { outcome: cut('Stopped before the sandbox was ready.'), sandbox: null }
      await parkWithoutWorkspace(context, call, error.message)
      return 'parked'
    }
    if (error instanceof NeedsAccount) {
      if (signal.aborted) return { outcome: cut('Stopped before the account was connected again.'), sandbox: null }
      await park(context, error.message, 'account')
      return 'parked'
    }
    if (!(error instanceof SandboxLost)) throw error
    context.workspace.forget(error.sandboxId)
    return { outcome: sandboxEnded(error.message), sandbox: null }
  }
}

/** Tools that leave the work tree alone and may not need a sandbox at all. */
const hostTools: ReadonlySet<string> = new Set(['publish', 'explore'])

function sandboxEnded(reason: string): ToolOutcome {
  return cut(
    `The sandbox ended while this ran (${reason}). It is started again with the work tree as it was before this call; background commands are gone.`,
  )
}

function cut(output: string): ToolOutcome {
  return { ok: false, output, changed: false, problem: 'interrupted', facts: {} }
}

/** Nothing can run without a sandbox: the call fails, and a person is asked to mend the machine. */
async function parkWithoutWorkspace(context: DriveContext, call: ToolCall, message: string): Promise<void> {
  const failed: EventBody = {
    type: 'tool-finished',
    callId: call.callId,
    ok: false,
    output: `No sandbox: ${message}`,
    blob: null,
    ms: 0,
    changed: false,
    problem: 'interrupted',
    facts: {},
  }
  await context.session.record([failed])
  await park(context, message)
}

/** Calls that ran side by side fail for the same reason; a person is asked once. */
async function park({ session }: DriveContext, reason: string, guard: 'sandbox' | 'account' = 'sandbox'): Promise<void> {
  for (;;) {
    const state = session.decide()
    if (state.ask || state.stop || (await session.intend(parkBodies(state, guard, reason)))) return
  }
}
