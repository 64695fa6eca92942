// Receipts in words, for the model and for plain terminals.

import type { Receipt } from '../events.ts'

/** One block per receipt: the command, how it ended, and its last lines when it did not pass. */
export function describeReceipts(receipts: readonly Receipt[]): string {
  return receipts.map(describeReceipt).join('\n')
}

function describeReceipt(receipt: Receipt): string {
  const end = receipt.killed ? `ended by ${receipt.killed}` : `exit code ${receipt.exitCode}`
  const head = `$ ${receipt.command}: ${end} after ${(receipt.ms / 1000).toFixed(1)} s`
  return receipt.exitCode === 0 && !receipt.killed ? head : `${head}\n${receipt.tail}`
}
