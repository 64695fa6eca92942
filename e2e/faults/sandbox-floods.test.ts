// Code that uses up whatever it can get: the host's memory stays flat, another sandbox keeps answering, the next one starts.

import { statfsSync } from 'node:fs'
import { SandboxLost, type Sandbox } from '@slipway/core/ports'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backendsUnderTest, type Bench, MIB, openBench, sh } from '../../packages/sandbox/src/contract/harness.ts'
import { deadlineMs, rounds } from './effort.ts'

const seconds = rounds({ short: 1, long: 60 })
const files = rounds({ short: 20_000, long: 1_000_000 })

/** Scripts, each ended by its deadline at the latest, and what the command or the loss of the sandbox has to say. The first three are part of the short form. */
const floods: [what: string, script: string, says: RegExp][] = [
  ['output in pieces of a byte', `perl -e '$| = 1; while (1) { print "x" }'`, /timeout/],
  ['output of children that left', '(setsid yes &) ; (setsid yes >&2 &) ; sleep 3600', /timeout/],
  [
    'many tiny files',
    `mkdir t; perl -e 'for (1..${files}) { mkdir "t/".int($_/1000) if $_ % 1000 == 0 || $_ == 1; open(F, ">", "t/".int($_/1000)."/$_") or exit 7; print F "x"; close F }'; echo $?; sleep 3600`,
    /timeout|work tree grew/,
  ],
  ['output without end', 'yes', /timeout/],
  ['output on both streams', 'yes & yes >&2', /timeout/],
  ['memory', `perl -e 'while (1) { push @a, "x" x 1048576 }'`, /memory|runner/],
  [
    'memory of many processes',
    `for i in $(seq 40); do perl -e 'while (1) { push @a, "x" x 1048576 }' & done; wait`,
    /memory|exit|ended|timeout/,
  ],
  ['memory behind files', 'for d in /tmp /dev/shm /home/agent; do head -c 4G /dev/zero > $d/x; done; sleep 3600', /memory|timeout|ended/],
  ['processes', 'f() { f | f & }; f; sleep 3600', /timeout|ended|could not/],
  ['processes that end at once', 'while :; do (:) & done', /timeout|ended/],
  ['its disk', 'head -c 40G /dev/zero > big; sleep 3600', /timeout|work tree grew|disk/],
  ['descriptors', `perl -e 'while (open(my $f, "<", "/dev/null")) { push @a, $f } sleep 3600'`, /timeout/],
  ['the processor', 'for i in $(seq 20); do (while :; do :; done) & done; wait', /timeout/],
  ['deep folders', 'for i in $(seq 3000); do mkdir d && cd d || break; done; sleep 3600', /timeout/],
  [
    'locks, queues and shared memory',
    `perl -e 'use IPC::SysV qw(IPC_PRIVATE S_IRWXU); while (defined shmget(IPC_PRIVATE, 1048576, S_IRWXU)) {} while (defined msgget(IPC_PRIVATE, S_IRWXU)) {} sleep 3600'`,
    /timeout/,
  ],
]

describe.each(backendsUnderTest())('floods in %s', (backend) => {
  let bench: Bench
  let neighbour: Sandbox
  beforeAll(async () => {
    bench = await openBench(backend)
    neighbour = await bench.create()
  })
  afterAll(() => bench.close())

  test.each(floods.slice(0, rounds({ short: 3, long: floods.length })))(
    'of %s are contained',
    async (_, script, says) => {
      const sandbox = await bench.create({ limits: { memoryBytes: 256 * MIB, processes: 60, cpus: 1, diskBytes: 64 * MIB } })
      const before = { rss: process.memoryUsage.rss(), disk: freeBytes(bench.state) }
      let most = before.rss
      let bytes = 0
      const running = sandbox
        .exec({
          argv: ['bash', '-c', script],
          timeoutMs: seconds * 1_000,
          onOutput(chunk) {
            bytes += chunk.length
            if (bytes % 64 === 0) most = Math.max(most, process.memoryUsage.rss())
          },
        })
        .then(
          (result) => `${result.killed ?? `exit ${result.exitCode}`}`,
          (error: unknown) => {
            expect(error).toBeInstanceOf(SandboxLost)
            return String(error)
          },
        )
      // The neighbour answers meanwhile.
      for (let asked = 0; asked < 5; asked += 1) expect((await sh(neighbour, 'echo alive')).stdout).toBe('alive\n')
      expect(await running).toMatch(says)
      expect(Math.max(most, process.memoryUsage.rss()) - before.rss).toBeLessThan(128 * MIB)
      expect(before.disk - freeBytes(bench.state)).toBeLessThan(1024 * MIB)
      const startedAt = performance.now()
      await sandbox.close({ deleteWorkspace: true })
      expect(performance.now() - startedAt).toBeLessThan(deadlineMs({ short: 15_000, long: 20_000 }))
      const next = await bench.create()
      expect((await sh(next, 'echo fine')).stdout).toBe('fine\n')
      await next.close({ deleteWorkspace: true })
    },
    deadlineMs({ short: 60_000, long: 300_000 }),
  )
})

function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize
}
