// One step on one line: icon, verb, target, and to the right what can be counted.

import { columnsOf, oneLine } from './plain-text.ts'
import type { Style } from './style.ts'

export type Mark = 'good' | 'bad' | 'warn' | 'quiet'

export interface Row {
  mark: Mark
  verb: string
  target: string
  /** Short facts before the duration, such as `+3 −1` or `exit 1`. */
  facts?: string[]
  duration?: string
}

const ICONS: Record<Mark, string> = { good: '✓', bad: '✗', warn: '!', quiet: '·' }
const VERB_COLUMNS = 9
const LEFT_COLUMNS = 2 + 2 + VERB_COLUMNS + 1

/** The row as one line that fits the style's width. */
export function renderRow(row: Row, style: Style): string {
  const facts = (row.facts ?? []).filter((fact) => fact !== '').map((fact) => oneLine(fact, 40))
  const right = [...facts, ...(row.duration ? [row.duration] : [])].join('  ')
  const room = style.width - LEFT_COLUMNS - (right === '' ? 0 : columnsOf(right) + 2)
  const target = oneLine(row.target, Math.max(12, room))
  const gap = right === '' ? '' : ' '.repeat(Math.max(2, style.width - LEFT_COLUMNS - columnsOf(target) - columnsOf(right)))
  const line = `  ${icon(row.mark, style)} ${style.bold(row.verb.padEnd(VERB_COLUMNS))} ${target}${gap}${dressFacts(facts, row, style)}`
  return line.trimEnd()
}

/** Lines that belong to the row above. */
export function renderDetail(lines: string[], style: Style): string[] {
  return lines.map((line) => style.dim(`      │ ${line}`))
}

function icon(mark: Mark, style: Style): string {
  const dress = { good: style.good, bad: style.bad, warn: style.warn, quiet: style.dim }[mark]
  return dress(ICONS[mark])
}

function dressFacts(facts: string[], row: Row, style: Style): string {
  const dressed = facts.map((fact) => (row.mark === 'bad' ? style.bad(fact) : style.accent(fact)))
  return [...dressed, ...(row.duration ? [style.dim(row.duration)] : [])].join('  ')
}
