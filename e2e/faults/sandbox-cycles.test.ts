// Sandboxes that come and go with processes in them that do not want to: nothing of them is left on the host.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { backendsUnderTest, openBench, sh } from '../../packages/sandbox/src/contract/harness.ts'
import { deadlineMs, rounds } from './effort.ts'

/** So long is a stop allowed to take; a few of them are no measure of a busy machine. */
const stopLimitMs = rounds({ short: 10_000, long: 2_000 })
/** An argument that marks this run's processes in the host's own list. */
const NAP = `86400.${process.pid}`

/** Ways for a process to outlive the command that started it. */
const DETACHED = [
  `setsid sleep ${NAP} &`,
  `(setsid sleep ${NAP} &)`,
  `nohup sleep ${NAP} >/dev/null 2>&1 &`,
  `env -i /bin/bash -c 'setsid sleep ${NAP} & disown'`,
  `perl -e 'fork and exit; use POSIX; POSIX::setsid(); fork and exit; $SIG{TERM} = $SIG{HUP} = "IGNORE"; exec "sleep", "${NAP}"'`,
  `bash -c 'trap "" TERM HUP INT; exec -a innocent sleep ${NAP}' &`,
]

describe.each(backendsUnderTest())('sandboxes of %s that come and go', (backend) => {
  test(
    'leave no process, mount, container or descriptor, and stop within two seconds',
    async () => {
      const cycles = rounds({ short: 2, long: 500 })
      const bench = await openBench(backend)
      try {
        const rssOf = (): number => (globalThis.gc?.(), process.memoryUsage.rss())
        let rssBefore = 0
        let descriptorsBefore = 0
        let slowestMs = 0
        for (let cycle = 0; cycle < cycles; cycle += 1) {
          const sandbox = await bench.create()
          expect((await sh(sandbox, `${DETACHED.join('\n')}\necho started`)).stdout).toBe('started\n')
          // They come up in their own time, after the command that started them.
          await expect.poll(napping).toBeGreaterThanOrEqual(DETACHED.length)
          const startedAt = performance.now()
          await sandbox.close({ deleteWorkspace: cycle % 2 === 0 })
          expect(napping()).toBe(0)
          slowestMs = Math.max(slowestMs, performance.now() - startedAt)
          // What is loaded and cached once is there by then.
          if (cycle === Math.min(20, cycles - 2)) [rssBefore, descriptorsBefore] = [rssOf(), descriptors()]
        }
        console.log(
          `${backend}: ${cycles} cycles, slowest stop ${Math.round(slowestMs)} ms, memory ${Math.round((rssOf() - rssBefore) / 1e6)} MB more`,
        )
        expect(slowestMs).toBeLessThan(stopLimitMs)
        expect(descriptors() - descriptorsBefore).toBeLessThan(10)
        expect(rssOf() - rssBefore).toBeLessThan(100e6)
        await bench.sandboxes.reap(async (all) => all)
        expect(leftOf(bench.state)).toEqual([])
      } finally {
        await bench.close()
      }
      expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(bench.state)
    },
    deadlineMs({ short: 60_000, long: 3_600_000 }),
  )
})

/** Processes of this run on the host, in whatever namespace. */
function napping(): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandOf(name).split('\0').includes(NAP)).length
}

/** Processes, mounts and containers that belong to the home. */
function leftOf(home: string): string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && commandOf(name).includes(home))
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(home))
  const containers = execFileSync('docker', ['ps', '-a', '--format', '{{.Label "slipway.workspace"}}'], { encoding: 'utf8' })
    .split('\n')
    .filter((workspace) => workspace.startsWith(`workspace-${process.pid}-`))
  return [...processes.map(commandOf), ...mounts, ...containers]
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}

function descriptors(): number {
  return readdirSync('/proc/self/fd').length
}
