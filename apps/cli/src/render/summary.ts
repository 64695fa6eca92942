// What is left to say when a session ends or is looked at: checks, result, cost, and what to do next.

import { shortModel } from '@slipway/core/text/short-model'
import type { SessionView } from '@slipway/server/contract/session-schemas'
import { formatCost, formatCount, formatDiffStat, plural, shortOid } from './format.ts'
import { describeMode } from './mode-words.ts'
import { oneLine } from './plain-text.ts'
import { howToAnswer, renderAsk } from './render-ask.ts'
import { renderReceipt } from './render-work.ts'
import type { Style } from './style.ts'

/** The last lines of a run. */
export function renderSummary(view: SessionView, style: Style): string[] {
  const rows: [string, string][] = []
  const { commit, changeRequest } = view.work
  if (commit) rows.push(['commit', `${shortOid(commit.oid)}  ${commit.subject}  ${diffStat(commit.files)}`])
  if (changeRequest) rows.push(['change', `#${changeRequest.number}${changeRequest.draft ? ' (draft)' : ''}  ${changeRequest.url}`])
  rows.push(['cost', costLine(view.cost)])
  // The card of an open question ends with an empty line already.
  const gap = view.ask === null ? [''] : []
  return [...gap, ...rows.map(([name, value]) => field(name, value, style)), ...next(view, style)]
}

/** A session as `slipway show` prints it. */
export function renderSession(view: SessionView, style: Style): string[] {
  const rows: [string, string][] = [
    ['status', view.outcome ? `${view.status}, ${view.outcome}` : view.status],
    ['repository', view.repository.url],
    ['branch', view.branch ?? 'not prepared yet'],
    ['model', shortModel(view.model)],
    ['mode', describeMode(view.autonomy)],
    ['task', view.task],
  ]
  if (view.reason !== null && view.ask === null) rows.push(['reason', view.reason])
  if (view.summary) rows.push(['summary', view.summary])
  const plan = view.plan
    ? ['', `  ${style.bold('Plan')}`, ...view.plan.steps.map((step) => `    ${BOXES[step.status]} ${oneLine(step.title, style.width - 8)}`)]
    : []
  const receipts = view.work.verification?.receipts.flatMap((receipt) => renderReceipt(receipt, style)) ?? []
  const ask = view.ask ? renderAsk(view.id, { ...view.ask, type: 'human-asked', callId: null }, style) : []
  return [
    `${style.bold(oneLine(view.title, style.width - 30))}  ${style.dim(view.id)}`,
    ...rows.map(([name, value]) => field(name, value, style)),
    ...plan,
    ...(receipts.length > 0 ? ['', ...receipts] : []),
    ...ask,
    ...renderSummary(view, style),
  ]
}

/** `$0.12 · 8 model calls · 34.2k tokens in, 2.1k out`. */
export function costLine(cost: SessionView['cost']): string {
  const amount = `${cost.isLowerBound ? 'at least ' : ''}${formatCost(cost.micros)}${cost.isLowerBound ? ' (a model has no known price)' : ''}`
  return `${amount}, ${plural(cost.calls, 'model call')}, ${formatCount(cost.usage.inputTokens)} tokens in (${formatCount(cost.usage.cacheReadTokens)} from the cache), ${formatCount(cost.usage.outputTokens)} out`
}

const BOXES = { open: '☐', active: '◐', done: '☑', dropped: '☒' }

function next(view: SessionView, style: Style): string[] {
  return nextCommands(view).map((command, at) => field(at === 0 ? 'next' : '', command, style))
}

function nextCommands(view: SessionView): string[] {
  const { changeRequest } = view.work
  if (view.ask) return howToAnswer(view.id, view.ask)
  if (view.outcome === 'stopped' || view.outcome === 'failed' || view.status === 'parked') return [`slipway resume ${view.id}`]
  if (view.outcome === null) return [`slipway follow ${view.id}`]
  if (changeRequest && view.repository.forge === 'local') {
    const repository = quote(view.repository.url)
    return [
      `slipway changes diff ${changeRequest.number} --repo ${repository}`,
      `slipway changes merge ${changeRequest.number} --repo ${repository}`,
      `slipway say ${view.id} "<what else to change>"`,
    ]
  }
  return [`slipway say ${view.id} "<what else to change>"`]
}

function field(name: string, value: string, style: Style): string {
  return `  ${style.dim(name.padEnd(11))} ${oneLine(value, 400)}`
}

function diffStat(files: { added: number; removed: number }[]): string {
  return formatDiffStat(
    files.reduce((sum, file) => sum + file.added, 0),
    files.reduce((sum, file) => sum + file.removed, 0),
  )
}

function quote(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
