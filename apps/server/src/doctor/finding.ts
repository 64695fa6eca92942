// What one check found. A cause says what is wrong, a fix is what to type.

export type FindingState = 'ok' | 'warn' | 'fail'

export interface Finding {
  name: string
  state: FindingState
  summary: string
  /** null when the state is ok. */
  cause: string | null
  /** A command alone, or a sentence that begins with a capital letter and has its commands between backticks; null when the state is ok. */
  fix: string | null
}

export interface DoctorReport {
  /** The worst state among the findings. */
  state: FindingState
  /** What fails comes first, then what is doubtful, then what is well. */
  findings: Finding[]
}

export function well(name: string, summary: string): Finding {
  return { name, state: 'ok', summary, cause: null, fix: null }
}

export function doubtful(name: string, problem: { summary: string; cause: string; fix: string }): Finding {
  return { name, state: 'warn', ...problem }
}

export function broken(name: string, problem: { summary: string; cause: string; fix: string }): Finding {
  return { name, state: 'fail', ...problem }
}

const rank: Record<FindingState, number> = { fail: 0, warn: 1, ok: 2 }

/** Sorts by severity; findings of the same severity keep their order. */
export function reportOf(findings: Finding[]): DoctorReport {
  const sorted = findings.toSorted((a, b) => rank[a.state] - rank[b.state])
  return { state: sorted[0]?.state ?? 'ok', findings: sorted }
}
