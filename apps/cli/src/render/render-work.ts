// The way out of the sandbox: commit, scan, receipts, push, change request.

import type { EventOf, Receipt } from '@slipway/core/events'
import { formatBytes, formatDiffStat, formatMs, plural, shortOid } from './format.ts'
import { lastLines, oneLine } from './plain-text.ts'
import { renderDetail, renderRow, type Mark } from './row.ts'
import type { Style } from './style.ts'

export function renderCommit(body: EventOf<'commit-offered'>, style: Style): string[] {
  const added = body.files.reduce((sum, file) => sum + file.added, 0)
  const removed = body.files.reduce((sum, file) => sum + file.removed, 0)
  const facts = [plural(body.files.length, 'file'), formatDiffStat(added, removed), shortOid(body.oid)]
  return [
    renderRow({ mark: 'good', verb: 'commit', target: body.subject, facts }, style),
    ...body.warnings.map((warning) => renderRow({ mark: 'warn', verb: 'policy', target: `${warning.path}: ${warning.message}` }, style)),
  ]
}

export function renderScan(body: EventOf<'scan-finished'>, style: Style): string[] {
  const isClean = body.result === 'clean'
  const target = isClean ? `no secrets in ${formatBytes(body.scannedBytes)}` : scanProblem(body)
  const row = renderRow({ mark: isClean ? 'good' : 'bad', verb: 'scan', target, duration: formatMs(body.ms) }, style)
  return [
    row,
    ...renderDetail(
      body.findings.slice(0, 10).flatMap((finding) => lastLines(`${finding.path}:${finding.line}  ${finding.rule}`, 1, style.width - 8)),
      style,
    ),
  ]
}

export function renderVerification(body: EventOf<'verification-finished'>, style: Style): string[] {
  const words = {
    passed: `checks passed in a clean sandbox at ${shortOid(body.oid)}`,
    failed: `checks failed at ${shortOid(body.oid)}`,
    partial: `some checks could not run at ${shortOid(body.oid)}`,
    'no-checks': 'no checks are known: the result is unverified',
    'could-not-run': 'the checks could not run: the result is unverified',
  }
  const marks: Record<typeof body.result, Mark> = {
    passed: 'good',
    failed: 'bad',
    partial: 'warn',
    'no-checks': 'warn',
    'could-not-run': 'warn',
  }
  const row = renderRow({ mark: marks[body.result], verb: 'verify', target: words[body.result], duration: formatMs(body.ms) }, style)
  return [row, ...body.receipts.flatMap((receipt) => renderReceipt(receipt, style))]
}

/** One command that Slipway ran itself; the end of its output when it failed. */
export function renderReceipt(receipt: Receipt, style: Style): string[] {
  const passed = receipt.exitCode === 0
  const fact = receipt.killed ?? `exit ${receipt.exitCode ?? '?'}`
  const row = renderRow(
    { mark: passed ? 'good' : 'bad', verb: 'receipt', target: receipt.command, facts: [fact], duration: formatMs(receipt.ms) },
    style,
  )
  return passed ? [row] : [row, ...renderDetail(lastLines(receipt.tail, 8, style.width - 8), style)]
}

export function renderPush(body: EventOf<'branch-pushed'>, style: Style): string[] {
  const facts = [body.alreadyThere ? 'was there already' : '', shortOid(body.oid)]
  return [renderRow({ mark: 'good', verb: 'push', target: body.branch, facts }, style)]
}

export function renderChangeRequest(body: EventOf<'change-request-opened'>, style: Style): string[] {
  const facts = [body.draft ? 'draft' : '', body.alreadyThere ? 'was there already' : '']
  // An address that is cut cannot be followed, so it gets a line of its own.
  return [
    renderRow({ mark: 'good', verb: 'change', target: `#${body.number} into ${body.base}`, facts }, style),
    `      ${oneLine(body.url, 2_000)}`,
  ]
}

function scanProblem(body: EventOf<'scan-finished'>): string {
  if (body.result === 'findings') return `${plural(body.findings.length, 'possible secret')}: nothing is pushed`
  return body.result === 'timed-out'
    ? 'the secret scan did not end in time: nothing is pushed'
    : 'the secret scan failed: nothing is pushed'
}
