// `make faults`: the proofs of `make test` that use chance, for as long as it takes to trust them. Names given on the
// command line choose some of them, for example `make faults only=kill`.

import { prepareDocker } from './test/docker.ts'
import { runVitest } from './test/vitest.ts'
import { installSystemPackages } from './system-packages.ts'

const started = Date.now()
const interruption = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interruption.abort())

installSystemPackages('test')
/** Those that stand beside what they prove. */
const beside: Record<string, string> = { 'secret-scan': 'packages/airlock/src/secret-scan/corpus.test.ts' }
const names = process.argv.slice(2).filter((name) => name !== '')
const docker = await prepareDocker()
if (docker.problem !== null) console.log(`Docker cannot be used, so its tests will fail: ${docker.problem}`)
try {
  const tally = await runVitest({
    name: 'faults',
    paths: names.length === 0 ? ['e2e/faults/', ...Object.values(beside)] : names.map((name) => beside[name] ?? `e2e/faults/${name}`),
    signal: interruption.signal,
    environment: { SLIPWAY_FAULTS: 'long' },
  })
  for (const failure of tally.failures) console.log(`failed: ${failure}`)
  console.log(`${tally.passed} passed, ${tally.failed} failed, after ${Math.round((Date.now() - started) / 60_000)} min`)
  process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1
} finally {
  await docker.stop()
}
