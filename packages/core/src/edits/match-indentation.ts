import { trimBlanks } from './lines.ts'

/** Rewrites a line's indentation; null when the line cannot be indented that way. */
export type Reindent = (line: string) => string | null

const WIDTHS = [2, 4, 8, 3, 1, 5, 6, 7]

/**
 * The one change of indentation that turns every non-blank `from` line into its `to` line, or null when there is none or it is in doubt.
 * Either a fixed prefix comes or goes, or spaces stand for tabs at one width (the other way round too), shifted by whole levels.
 */
export function matchIndentation(from: readonly string[], to: readonly string[]): Reindent | null {
  const pairs = from
    .map((line, index) => ({ from: indentOf(line), to: indentOf(to[index] ?? '') }))
    .filter((_, index) => trimBlanks(from[index]!) !== '')
  return matchPrefix(pairs) ?? matchTabs(pairs)
}

interface Pair {
  from: string
  to: string
}

function indentOf(line: string): string {
  return /^[ \t]*/.exec(line)![0]
}

function matchPrefix(pairs: readonly Pair[]): Reindent | null {
  const { from, to } = pairs[0]!
  if (to.endsWith(from)) {
    const added = to.slice(0, to.length - from.length)
    return pairs.every((pair) => pair.to === added + pair.from) ? (line) => added + line : null
  }
  if (!from.endsWith(to)) return null
  const removed = from.slice(0, from.length - to.length)
  if (!pairs.every((pair) => pair.from === removed + pair.to)) return null
  return (line) => (line.startsWith(removed) ? line.slice(removed.length) : null)
}

function matchTabs(pairs: readonly Pair[]): Reindent | null {
  if (pairs.every((pair) => isAll(pair.from, ' ') && isAll(pair.to, '\t'))) return levels(pairs, ' ', '\t')
  if (pairs.every((pair) => isAll(pair.from, '\t') && isAll(pair.to, ' '))) return levels(pairs, '\t', ' ')
  return null
}

// Which width it is follows from the lines when they stand at different depths. When they do not, a shift of zero is taken to be meant.
function levels(pairs: readonly Pair[], from: ' ' | '\t', to: ' ' | '\t'): Reindent | null {
  const candidates = WIDTHS.flatMap((width) => {
    const shift = commonShift(pairs, width)
    return shift === null ? [] : [{ width, shift }]
  })
  const meant = candidates.filter((candidate) => candidate.shift === 0)
  const [choice, ...others] = meant.length > 0 ? meant : candidates
  if (choice === undefined || others.length > 0) return null
  return (line) => relevel(line, { ...choice, from, to })
}

function commonShift(pairs: readonly Pair[], width: number): number | null {
  const shifts = new Set(pairs.map((pair) => levelsOf(pair.to, width) - levelsOf(pair.from, width)))
  const [shift] = shifts
  return shifts.size === 1 && shift !== undefined && Number.isInteger(shift) ? shift : null
}

function levelsOf(indent: string, width: number): number {
  return isAll(indent, '\t') ? indent.length : indent.length / width
}

function relevel(line: string, rule: { width: number; shift: number; from: ' ' | '\t'; to: ' ' | '\t' }): string | null {
  const indent = indentOf(line)
  if (!isAll(indent, rule.from)) return null
  const level = levelsOf(indent, rule.from === ' ' ? rule.width : 1)
  const whole = Math.floor(level) + rule.shift
  if (whole < 0) return null
  const rest = rule.from === ' ' ? ' '.repeat(indent.length % rule.width) : ''
  return (rule.to === '\t' ? '\t'.repeat(whole) : ' '.repeat(whole * rule.width)) + rest + line.slice(indent.length)
}

function isAll(indent: string, unit: ' ' | '\t'): boolean {
  return indent.replaceAll(unit, '') === ''
}
