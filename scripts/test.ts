// `make test`: every check there is, on this machine as it is. Ends with the line `N passed, N failed`.

import { runChecks } from './test/checks.ts'
import { buildPages } from '../apps/server/src/web/built-pages.ts'
import { startDebianPostgres } from './test/debian-postgres.ts'
import { prepareDocker } from './test/docker.ts'
import type { Tally } from './test/tally.ts'
import { sum } from './test/tally.ts'
import { runVitest } from './test/vitest.ts'
import { installSystemPackages } from './system-packages.ts'

const started = Date.now()
const interruption = new AbortController()
// What was started for the tests is ended on the way out, also after Ctrl-C.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort())

installSystemPackages('test')

const total = await checkEverything()
console.log(`\nAll checks took ${Math.round((Date.now() - started) / 1000)} s.`)
for (const failure of total.failures) console.log(`failed: ${failure}`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 && total.passed > total.ofChecks ? 0 : 1

async function checkEverything(): Promise<Tally & { ofChecks: number }> {
  // It mostly waits for disk and network, for a minute or two.
  const preparing = prepareDocker()
  try {
    const checks = await runChecks()
    // Once, so that no test waits for it.
    await buildPages()
    const { problem } = await preparing
    if (problem !== null) console.log(`Docker cannot be used, so its tests will fail: ${problem}`)
    const tests = await runVitest({ name: 'tests', paths: [], signal: interruption.signal })
    return { ...sum([checks, tests, await onDebianPostgres()]), ofChecks: checks.passed }
  } finally {
    await (await preparing).stop()
  }
}

/** The store once more, on a server that is not the embedded one. */
async function onDebianPostgres(): Promise<Tally> {
  console.log('\nThe store’s tests again, on a PostgreSQL server of the system:')
  const server = startDebianPostgres()
  if (!server.ok) return { passed: 0, failed: 1, failures: [`store on the system's PostgreSQL: ${server.message}`] }
  try {
    return await runVitest({
      name: 'store on PostgreSQL',
      paths: ['packages/store'],
      except: ['packages/store/src/embedded/**'],
      signal: interruption.signal,
      environment: { SLIPWAY_TEST_DATABASE_URL: server.url },
    })
  } finally {
    server.stop()
  }
}
