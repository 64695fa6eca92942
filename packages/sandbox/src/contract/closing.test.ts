import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openBench } from './harness.ts'

test('closing while the self-test still runs leaves nothing behind', async () => {
  const bench = await openBench('bubblewrap')
  const workspaces = (): string[] => {
    const folder = join(bench.state, 'workspaces')
    return existsSync(folder) ? readdirSync(folder) : []
  }
  bench.sandboxes.warmUp('bubblewrap')
  while (workspaces().length === 0) await delay(1)
  await bench.sandboxes.close()
  expect(workspaces()).toEqual([])
  expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(bench.state)
  await bench.close()
})
