// Receipts in words, for the model and for plain terminals.

import type { Receipt, VerificationFinished } from '../events.ts'

/** One block per receipt: the command, how it ended, and its last lines when it did not pass. */
export function describeReceipts(receipts: readonly Receipt[]): string {
  return receipts.map(describeReceipt).join('\n')
}

/** What verification found, for the model: passed, or why the change is marked as unverified. */
export function describeVerification(verification: VerificationFinished | null): string {
  if (verification?.result === 'passed') return 'The checks passed in a clean sandbox.'
  const unverified = 'It is marked as unverified:'
  if (!verification || verification.result === 'no-checks') return `${unverified} the host knows no checks for it.`
  const what = { failed: 'checks failed', partial: 'some checks did not run', 'could-not-run': 'the checks could not run' }
  return `${unverified} ${what[verification.result]} in a clean sandbox.\n${describeReceipts(verification.receipts)}`
}

function describeReceipt(receipt: Receipt): string {
  const end = receipt.killed ? `ended by ${receipt.killed}` : `exit code ${receipt.exitCode}`
  const head = `$ ${receipt.command}: ${end} after ${(receipt.ms / 1000).toFixed(1)} s`
  return receipt.exitCode === 0 && !receipt.killed ? head : `${head}\n${receipt.tail}`
}
