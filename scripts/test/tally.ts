// How many checks passed and failed. A check that could not run, or said nothing, has failed.

import { stripVTControlCharacters } from 'node:util'
import type { RunReport } from './report.ts'

export interface Tally {
  passed: number
  failed: number
  failures: string[]
}

export function sum(tallies: Tally[]): Tally {
  return tallies.reduce(
    (total, one) => ({
      passed: total.passed + one.passed,
      failed: total.failed + one.failed,
      failures: [...total.failures, ...one.failures],
    }),
    { passed: 0, failed: 0, failures: [] },
  )
}

/**
 * Counts a run of vitest. What broke outside of the tests (an import, a hook, a stray error) counts as one failure more each, a skipped
 * test as failed, and so does a run that ended badly though everything in its report went well. `report` is null when there is none.
 */
export function tallyOf(report: RunReport | null, exitCode: number | null, name: string): Tally {
  if (report === null) return { passed: 0, failed: 1, failures: [`${name}: no report was written`] }
  const tests = report.files.flatMap((file) => file.tests)
  const failures = [
    ...tests.filter(({ state }) => state === 'failed').map((test) => `${test.name}${reasonOf(test.errors[0])}`),
    ...tests
      .filter(({ state }) => state !== 'passed' && state !== 'failed')
      .map((test) => `${test.name} (${test.state}, so it shows nothing)`),
    ...report.files.flatMap((file) => file.broken).map((part) => `${part.name}, outside of its tests${reasonOf(part.errors[0])}`),
    ...report.stray.map((error) => `${name}: an error outside of the tests${reasonOf(error)}`),
  ]
  const passed = tests.filter(({ state }) => state === 'passed').length
  if (tests.length === 0 && failures.length === 0) failures.push(`${name}: no test ran`)
  if (exitCode !== 0 && failures.length === 0) failures.push(`${name}: ended with exit code ${exitCode} though nothing failed`)
  return { passed, failed: failures.length, failures }
}

const longestReason = 500

/** The beginning of why, so that the last lines of a long run say it too. Without colours and without the stack. */
function reasonOf(message: string | undefined): string {
  const [said = ''] = stripVTControlCharacters(message ?? '').split(/\n\s+at /)
  const reason = said.trim()
  if (reason === '') return ''
  const shown = reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason
  return `\n${shown.replace(/^/gm, '    ')}`
}
