// `make bench`: figures of this machine, now. Compare runs on the same machine only.

import { availableParallelism, cpus } from 'node:os'
import { measureSandboxes } from './sandbox.ts'
import { measureSpine } from './spine.ts'

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.versions.node}\n`)
for (const measure of [measureSpine, measureSandboxes]) {
  for (const { name, value } of await measure()) console.log(`${name.padEnd(42)} ${value}`)
}
