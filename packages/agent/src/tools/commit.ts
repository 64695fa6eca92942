// Takes the work out of the sandbox as a pack: committed inside, checked and scanned by the host, kept in quarantine.

import type { EventBody, ScanFinished } from '@slipway/core/events'
import type { ToolCall } from '@slipway/core/state'
import type { DriveContext } from '../drive-context.ts'
import type { ToolOutcome } from './tool-outcome.ts'

/** Offers the work tree as a commit. Repeating it with an unchanged tree offers the same commit again. */
export async function commit(context: DriveContext, call: ToolCall, signal: AbortSignal): Promise<ToolOutcome> {
  const { session, ports } = context
  const { repository, repositoryRef, sessionId, work } = session.state()
  if (!repository) throw new Error('commit before the repository is prepared')
  const sandbox = await context.workspace.sandbox()
  const mergeOid = work.incoming?.step === 'merged' ? work.incoming.oid : null
  const baseOid = mergeOid ?? repository.baseOid
  const offer = await ports.airlock.offer({
    repository: repositoryRef,
    sessionId,
    sandbox,
    baseOid: repository.baseOid,
    parentOid: work.commit?.oid ?? repository.baseOid,
    mergeOid,
    message: String(call.input['message']),
    signal,
  })
  if (!offer.ok) {
    const findings = offer.findings.map((finding) => `- ${finding.path}: ${finding.message} (${finding.rule})`)
    return failed([offer.message, ...findings].join('\n'))
  }
  const { oid, subject, files, warnings } = offer.commit
  const scan = await ports.airlock.scan({ repository: repositoryRef, sessionId, baseOid, oid, texts: [], signal })
  const offered: EventBody = { type: 'commit-offered', oid, subject, files, warnings, ...(mergeOid === null ? {} : { baseOid: mergeOid }) }
  if (signal.aborted && scan.result !== 'clean') {
    await session.record([offered])
    return failed('Stopped before the secret scan was done. Call commit again.')
  }
  const facts: EventBody[] = [offered, { type: 'scan-finished', oid, ...scan }]
  if (scan.result !== 'clean') facts.push({ type: 'guard-tripped', guard: 'secret', action: 'nudge', reason: secretAdvice(scan) })
  await session.record(facts)
  if (scan.result !== 'clean') return failed(secretAdvice(scan))
  const added = files.reduce((sum, file) => sum + file.added, 0)
  const removed = files.reduce((sum, file) => sum + file.removed, 0)
  const warned = warnings.map((warning) => `A person will be asked about ${warning.path}: ${warning.message}`)
  const output = [`Committed ${oid.slice(0, 10)}: ${files.length} files, +${added} −${removed}. The secret scan is clean.`, ...warned].join(
    '\n',
  )
  return { ok: true, output, changed: false, problem: null, facts: { oid, files: files.length, added, removed } }
}

/** Where the findings are and how to get rid of them; never what they are. */
export function secretAdvice(scan: Omit<ScanFinished, 'type' | 'oid'>): string {
  if (scan.result === 'timed-out')
    return 'The secret scan did not finish in time, so this commit cannot be published. Leave out generated or very large files.'
  if (scan.result === 'failed')
    return 'The secret scan failed, so this commit cannot be published. Call commit again; if it stays so, ask_human.'
  const places = scan.findings.map((finding) => `- ${finding.path}:${finding.line} (${finding.rule})`)
  return [
    'The commit contains what looks like secrets, so it cannot be published:',
    ...places,
    'Remove them from the files and from the history of your branch (for example: git reset --soft to the base commit, then commit again). Read such values from the environment instead.',
  ].join('\n')
}

function failed(output: string): ToolOutcome {
  return { ok: false, output, changed: false, problem: 'failed', facts: {} }
}
