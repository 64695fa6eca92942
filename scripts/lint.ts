// `make lint`: everything that reads the code without running it.

import { runChecks } from './test/checks.ts'

const { failed } = await runChecks()
process.exitCode = failed === 0 ? 0 : 1
