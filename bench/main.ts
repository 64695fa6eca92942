// `make bench`: figures of this machine, now, each beside a baseline of the same run. Compare runs on the same machine only.
// Names given on the command line choose groups: `make bench only="log sandbox"`.

import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Figure } from './figure.ts'
import { isMet, table } from './figure.ts'

const groups: Record<string, () => Promise<Figure[]>> = {
  step: async () => (await import('./step.ts')).measureSteps(),
  log: async () => (await import('./log.ts')).measureLog(),
  start: async () => (await import('./start.ts')).measureStart(),
  sandbox: async () => (await import('./sandbox.ts')).measureSandboxes(),
  load: async () => (await import('./load.ts')).measureLoad(),
  web: async () => (await import('./web.ts')).measureWeb(),
  scan: async () => (await import('./secret-scan.ts')).measureSecretScan(),
  drift: async () => (await import('./drift.ts')).measureDrift(),
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => groups[name] === undefined)
if (unknown.length > 0) {
  console.error(`There is no group ${unknown.join(', ')}. Choose from: ${Object.keys(groups).join(', ')}`)
  process.exit(2)
}

const machine = {
  at: new Date().toISOString(),
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 1024 ** 3),
  node: process.versions.node,
  loadBefore: loadavg()[0] ?? 0,
}
console.log(`${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}`)
if (machine.loadBefore > machine.cores / 4)
  console.log(`This machine is busy already (load ${machine.loadBefore.toFixed(1)}): the figures will be worse than they are.`)
console.log('Each line: what, Slipway, the baseline of the same run, the goal, and how it spreads.')

const figures: (Figure & { group: string; isMet: boolean | null })[] = []
for (const [group, measure] of Object.entries(groups)) {
  if (wanted.length > 0 && !wanted.includes(group)) continue
  const measured = await measure()
  console.log(`\n${group}\n${table(measured)}`)
  figures.push(...measured.map((figure) => ({ group, ...figure, isMet: isMet(figure) })))
}

const results = join(import.meta.dirname, 'results.json')
writeFileSync(results, `${JSON.stringify({ machine, figures }, null, 2)}\n`)
console.log(`\nThe same as JSON: ${results}`)
