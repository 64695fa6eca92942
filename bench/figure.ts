// What a measurement hands over, and how it is printed.

export interface Figure {
  /** Unique within a run; stays the same from version to version. */
  name: string
  value: number
  unit: 'ms' | '/s' | 'MB' | 'MB/s' | 'bytes' | 'tokens' | '%'
  /** The same work without Slipway, or the least that can be done, measured in the same run. */
  baseline: { name: string; value: number } | null
  /** What we want: at most for times and sizes, at least for rates and shares. */
  goal: number | null
  /** How it spreads, how often it was done, or what holds it back. */
  note?: string
}

const more: ReadonlySet<Figure['unit']> = new Set(['/s', 'MB/s', '%'])

/** null: there is no goal. */
export function isMet({ value, goal, unit }: Figure): boolean | null {
  if (goal === null) return null
  return more.has(unit) ? value >= goal : value <= goal
}

/** One line for each figure, in columns. */
export function table(figures: Figure[]): string {
  const rows = figures.map((figure) => {
    const met = isMet(figure)
    return [
      figure.name,
      amount(figure.value, figure.unit),
      figure.baseline === null ? '' : `${amount(figure.baseline.value, figure.unit)}  ${figure.baseline.name}`,
      figure.goal === null ? '' : `${more.has(figure.unit) ? '≥' : '≤'} ${amount(figure.goal, figure.unit)} ${met ? '✓' : '✗'}`,
      figure.note ?? '',
    ]
  })
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function amount(value: number, unit: Figure['unit']): string {
  const digits = value >= 100 || (unit !== 'ms' && unit !== 'MB' && unit !== 'MB/s' && unit !== '%') ? 0 : value < 10 ? 2 : 1
  return `${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })}${unit === '/s' ? '' : ' '}${unit}`
}
