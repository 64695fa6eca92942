// A finished tool call as a row: what was done to what, and how it went.

import type { EventOf } from '@slipway/core/events'
import { formatDiffStat, formatMs } from './format.ts'
import { lastLines } from './plain-text.ts'
import { renderDetail, renderRow, type Mark } from './row.ts'
import type { Style } from './style.ts'

const VERBS: Record<string, string> = {
  read_file: 'read',
  list_files: 'list',
  search: 'search',
  edit_file: 'edit',
  write_file: 'write',
  bash: 'run',
  bash_output: 'look',
  update_plan: 'plan',
  find_context: 'find',
  ask_human: 'ask',
  explore: 'explore',
  commit: 'commit',
  publish: 'publish',
  finish: 'finish',
}

/** Events of their own already show these when they go well. */
const SHOWN_BY_EVENTS = new Set(['update_plan', 'ask_human', 'commit', 'publish', 'finish'])

export interface FinishedCall {
  tool: string
  input: Record<string, unknown>
  outcome: EventOf<'tool-finished'>
}

/** No lines for a call that other events show better. */
export function renderTool({ tool, input, outcome }: FinishedCall, style: Style): string[] {
  if (outcome.ok && SHOWN_BY_EVENTS.has(tool)) return []
  const row = renderRow(
    { mark: markOf(outcome), verb: verbOf(tool), target: targetOf(tool, input), facts: factsOf(outcome), duration: formatMs(outcome.ms) },
    style,
  )
  if (outcome.ok) return [row]
  return [row, ...renderDetail(lastLines(outcome.output, tool === 'bash' ? 8 : 3, style.width - 8), style)]
}

/** The verb people read for a tool. */
export function verbOf(tool: string): string {
  return VERBS[tool] ?? tool
}

/** What a call is about, in its own words. */
export function targetOf(tool: string, input: Record<string, unknown>): string {
  const first = ['path', 'command', 'pattern', 'message', 'title', 'query', 'question', 'task', 'summary', 'id']
    .map((name) => input[name])
    .find((value) => typeof value === 'string')
  if (first !== undefined) return String(first)
  if (tool === 'list_files') return '.'
  return Object.keys(input).length === 0 ? '' : JSON.stringify(input)
}

function markOf(outcome: EventOf<'tool-finished'>): Mark {
  if (outcome.ok) return 'good'
  return outcome.problem === 'interrupted' || outcome.problem === 'denied' ? 'warn' : 'bad'
}

function factsOf({ facts, ok, problem }: EventOf<'tool-finished'>): string[] {
  const shown: string[] = []
  if (typeof facts['added'] === 'number' || typeof facts['removed'] === 'number')
    shown.push(formatDiffStat(Number(facts['added'] ?? 0), Number(facts['removed'] ?? 0)))
  if (typeof facts['exitCode'] === 'number' && facts['exitCode'] !== 0) shown.push(`exit ${facts['exitCode']}`)
  if (typeof facts['killed'] === 'string') shown.push(facts['killed'])
  if (!ok && problem !== null && shown.length === 0) shown.push(problem === 'input' ? 'wrong input' : problem)
  return shown
}
