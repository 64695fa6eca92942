// Runs in a thread of its own, so that the caller can end it whatever a pattern does. Values stay here; fingerprints leave.

import { createHmac } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { scanText } from './scan-text.ts'

export interface ScanItem {
  path: string
  bytes: Uint8Array
}
export interface ScannedSecret {
  rule: string
  line: number
  fingerprint: string
}

const { fingerprintKey } = workerData as { fingerprintKey: Uint8Array }

parentPort?.on('message', (items: ScanItem[]) => {
  const answer: ScannedSecret[][] = items.map(({ path, bytes }) =>
    scanText(path, bytes).map(({ rule, line, value }) => ({ rule, line, fingerprint: fingerprintOf(value) })),
  )
  parentPort?.postMessage(answer)
})

function fingerprintOf(value: string): string {
  return createHmac('sha256', fingerprintKey).update(value, 'latin1').digest('hex').slice(0, 16)
}
