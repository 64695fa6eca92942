// A scanning thread that runs out of memory.

import { parentPort } from 'node:worker_threads'

parentPort?.on('message', () => {
  const kept: number[][] = []
  for (;;) kept.push(new Array(1_000_000).fill(1.5))
})
