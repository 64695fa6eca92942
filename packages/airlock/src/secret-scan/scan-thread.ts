// The caller's side of the scanning thread.

import { Worker } from 'node:worker_threads'
import type { ScanItem, ScannedSecret } from './scan-worker.ts'

export interface ScanThread {
  /** Findings of each item, in order. Rejects when the thread died. */
  scan(items: ScanItem[]): Promise<ScannedSecret[][]>
  end(): Promise<void>
}

/** `program` is the thread's file; tests give one that hangs or crashes. */
export function startScanThread(fingerprintKey: Uint8Array, program: URL = new URL('./scan-worker.ts', import.meta.url)): ScanThread {
  const worker = new Worker(program, {
    workerData: { fingerprintKey },
    resourceLimits: { maxOldGenerationSizeMb: 512 },
    env: {},
    execArgv: [],
  })
  let died: Error | null = null
  let waiting: { resolve(answer: ScannedSecret[][]): void; reject(error: Error): void } | null = null
  const die = (error: Error) => {
    died ??= error
    waiting?.reject(died)
  }
  worker.on('message', (answer: ScannedSecret[][]) => waiting?.resolve(answer))
  worker.on('error', (error) => die(error instanceof Error ? error : new Error('The scanning thread failed.')))
  worker.on('exit', () => die(new Error('The scanning thread ended.')))
  return {
    scan: (items) =>
      new Promise((resolve, reject) => {
        if (died) return reject(died)
        waiting = { resolve, reject }
        worker.postMessage(items)
      }),
    async end() {
      await worker.terminate()
    },
  }
}
