// A scanning thread that never answers, as a pattern that runs away would not.

import { parentPort } from 'node:worker_threads'

parentPort?.on('message', () => {
  for (;;);
})
