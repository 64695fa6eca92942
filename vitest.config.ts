import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.{ts,tsx}', 'e2e/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // How long something is waited for tells nothing of the program: a machine may stand still for half a minute.
    expect: { poll: { timeout: 60_000 } },
    // A list of findings is said in the message, not only how many there are.
    chaiConfig: { truncateThreshold: 1_000 },
    // Much of the time passes in waiting for other processes, so no core is left out.
    maxWorkers: Math.max(2, availableParallelism()),
  },
})
