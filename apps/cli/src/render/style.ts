// How text is dressed: with colours on a terminal, plain everywhere else.

export interface Style {
  /** Columns that a row may fill. */
  width: number
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  bad(text: string): string
  warn(text: string): string
  accent(text: string): string
}

const same = (text: string): string => text

/** For files, pipes and logs. */
export const plainStyle: Style = { width: 88, bold: same, dim: same, good: same, bad: same, warn: same, accent: same }

/** For a terminal of so many columns; `hasColour` false keeps its width only. */
export function terminalStyle(columns: number, hasColour: 'colour' | 'no-colour'): Style {
  const width = Math.max(40, Math.min(columns, 110))
  if (hasColour === 'no-colour') return { ...plainStyle, width }
  return { width, bold: sgr(1, 22), dim: sgr(2, 22), good: sgr(32, 39), bad: sgr(31, 39), warn: sgr(33, 39), accent: sgr(36, 39) }
}

function sgr(on: number, off: number): (text: string) => string {
  return (text) => (text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`)
}
