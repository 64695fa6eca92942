// A host whose umask keeps others out, as a hardened root account has it: sandboxes come up as anywhere else.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { backendsUnderTest, type Bench, openBench, sh } from './harness.ts'

let bench: Bench
let before: number
beforeEach(() => {
  before = process.umask(0o077)
})
afterEach(async () => {
  process.umask(before)
  await bench?.close()
})

test.each(backendsUnderTest())(
  '%s: a strict umask of the host neither keeps the sandbox from its tools nor goes into it',
  async (backend) => {
    bench = await openBench(backend)
    const sandbox = await bench.create()
    const { stdout, stderr } = await sh(sandbox, 'umask; whoami; node --print 1; npm --version; : > made; stat -c %a made')
    expect([
      stdout
        .replace(/^\d+\.\d+\.\d+$/m, 'a version')
        .trim()
        .split('\n'),
      stderr,
    ]).toEqual([['0022', 'agent', '1', 'a version', '644'], ''])
  },
)
