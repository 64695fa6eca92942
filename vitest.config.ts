import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.{ts,tsx}', 'e2e/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is waited for has come long before on a quiet machine; one second is too little on a busy one.
    expect: { poll: { timeout: 15_000 } },
    // A list of findings is said in the message, not only how many there are.
    chaiConfig: { truncateThreshold: 1_000 },
    // Much of the time passes in waiting for other processes, so no core is left out.
    maxWorkers: Math.max(2, availableParallelism()),
  },
})
