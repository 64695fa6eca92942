// How many checks passed and failed. A check that could not run, or said nothing, has failed.

import { stripVTControlCharacters } from 'node:util'

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

/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  testResults: {
    name: string
    status: string
    message?: string
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[]
  }[]
}

/**
 * Counts a run of vitest. A file that failed as a whole (on import, in a hook) counts as one failure more, a skipped test as failed,
 * and so does a run that ended badly though every test in its report passed. `report` is null when there is none.
 */
export function tallyOf(report: VitestReport | null, exitCode: number | null, name: string): Tally {
  if (report === null) return { passed: 0, failed: 1, failures: [`${name}: no report was written`] }
  const tests = report.testResults.flatMap((file) => file.assertionResults)
  const failures = [
    ...tests
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}${reasonOf(failureMessages?.[0])}`),
    ...tests
      .filter(({ status }) => !['passed', 'failed'].includes(status))
      .map(({ fullName, status }) => `${fullName} (${status}, so it shows nothing)`),
    ...report.testResults.filter(brokeAsAWhole).map((file) => `${file.name}: ${firstLine(file.message) ?? 'failed'}`),
  ]
  const passed = tests.filter(({ status }) => status === 'passed').length
  if (tests.length === 0 && failures.length === 0) failures.push(`${name}: no test ran`)
  if (exitCode !== 0 && failures.length === 0)
    failures.push(`${name}: ended with exit code ${exitCode} though no test failed; an error outside of the tests is shown above`)
  return { passed, failed: failures.length, failures }
}

function brokeAsAWhole(file: VitestReport['testResults'][number]): boolean {
  return file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed')
}

function firstLine(text: string | undefined): string | undefined {
  return text?.split('\n').find((line) => line.trim() !== '')
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
