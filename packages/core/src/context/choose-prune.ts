// Pruning breaks the provider's cache from the pruned place on, so it happens rarely and in large batches.

export const PRUNE_KEEP_TOKENS = 40_000
export const PRUNE_MINIMUM_TOKENS = 40_000

/** What the short note in place of a pruned output costs. */
const NOTE_TOKENS = 20

export interface PrunableOutput {
  callId: string
  tokens: number
  isPruned: boolean
  /** Never pruned, such as the plan or a person's answer. */
  isProtected: boolean
}

/** Which old outputs (given oldest first) to replace by a note: all outside the newest 40k tokens, and only when that wins at least 40k; else null. */
export function choosePrune(outputs: readonly PrunableOutput[]): { callIds: string[]; savedTokens: number } | null {
  const old = outputs
    .slice(0, firstKept(outputs))
    .filter((output) => !output.isPruned && !output.isProtected && output.tokens > NOTE_TOKENS)
  const savedTokens = old.reduce((sum, output) => sum + output.tokens - NOTE_TOKENS, 0)
  if (savedTokens < PRUNE_MINIMUM_TOKENS) return null
  return { callIds: old.map((output) => output.callId), savedTokens }
}

// The output that crosses the 40k line is kept too: the newest one must stay readable however large it is.
function firstKept(outputs: readonly PrunableOutput[]): number {
  let kept = 0
  for (let index = outputs.length - 1; index >= 0; index--) {
    if (kept >= PRUNE_KEEP_TOKENS) return index + 1
    const output = outputs[index]!
    if (!output.isPruned) kept += output.tokens
  }
  return 0
}
