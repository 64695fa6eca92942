// A reporter of vitest that writes what is counted: its own JSON leaves out what broke in a hook of a group.

import { writeFileSync } from 'node:fs'
import type { SerializedError } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'

/** Names the file that the report is written to. */
export const REPORT_FILE = 'SLIPWAY_TEST_REPORT'

export interface RunReport {
  files: FileReport[]
  /** What was thrown outside of any test. */
  stray: string[]
}

interface FileReport {
  path: string
  tests: { name: string; state: 'pending' | 'passed' | 'failed' | 'skipped'; errors: string[] }[]
  /** Of the file as a whole (on import, in a hook) and of the hooks of its groups. */
  broken: { name: string; errors: string[] }[]
}

export default class CountedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], stray: readonly SerializedError[]): void {
    const report: RunReport = { files: modules.map(fileReport), stray: textsOf(stray) }
    writeFileSync(process.env[REPORT_FILE] as string, JSON.stringify(report))
  }
}

function fileReport(module: TestModule): FileReport {
  const path = module.relativeModuleId
  const broken = [
    { name: path, errors: textsOf(module.errors()) },
    ...[...module.children.allSuites()].map((suite) => ({ name: `${path}: ${suite.fullName}`, errors: textsOf(suite.errors()) })),
  ]
  const tests = [...module.children.allTests()].map((test) => {
    const { state, errors } = test.result()
    return { name: test.fullName, state, errors: textsOf(errors ?? []) }
  })
  return { path, tests, broken: broken.filter(({ errors }) => errors.length > 0) }
}

function textsOf(errors: readonly SerializedError[]): string[] {
  return errors.map(({ stack, message }) => stack || message)
}
