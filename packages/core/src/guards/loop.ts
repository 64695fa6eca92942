const LONGEST_CYCLE = 5
const REPEATS = 3

export interface LoopCall {
  /** Tool and input, hashed or spelled out. */
  callKey: string
  /** What came of it. */
  outcomeKey: string
  /** Asking again how a long command is doing is no loop. */
  isPolling: boolean
}

/**
 * A cycle of one to five calls, each with the same outcome, that stands at least three times in a row at the end of the list (oldest first).
 * Polling calls are looked through. The shortest cycle is reported, with how often it stands there.
 */
export function detectLoop(calls: readonly LoopCall[]): { length: number; repeats: number } | null {
  const keys = calls.filter((call) => !call.isPolling).map((call) => JSON.stringify([call.callKey, call.outcomeKey]))
  for (let length = 1; length <= LONGEST_CYCLE; length++) {
    const repeats = repeatsAtEnd(keys, length)
    if (repeats >= REPEATS) return { length, repeats }
  }
  return null
}

function repeatsAtEnd(keys: readonly string[], length: number): number {
  let same = 0
  for (let index = keys.length - 1 - length; index >= 0 && keys[index] === keys[index + length]; index--) same++
  return keys.length < length ? 0 : Math.floor(same / length) + 1
}
