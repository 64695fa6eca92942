// Remembers what the work tree looked like at its last checkpoint, so that a step that changed nothing costs no snapshot.

import type { Fingerprint } from '../runner/fingerprint.ts'

/** A second change within the kernel's tick may carry the same time as the first; the coarsest tick in use is 10 ms. */
const TICK_MS = 12
/** A tree that cannot be told apart cheaply is asked again only so often. */
const ASK_AGAIN_AFTER = 20

export type Look = (input: { skip: readonly string[] }) => Promise<Fingerprint | null>

export interface Unchanged<Saved> {
  /** What was saved last, if nothing has changed since; else null, and `save` is to be called after the snapshot. */
  since(): Promise<Saved | null>
  /** Whether the next snapshot should also list the ignored directories. */
  wantsIgnored(): boolean
  /** `lookedAtMs`: when the snapshot began to read the tree. */
  save(saved: Saved, lookedAtMs: number, ignored: readonly string[] | null): void
  forget(): void
}

/** An error of `look` counts as "changed". */
export function unchanged<Saved>(look: Look): Unchanged<Saved> {
  let last: { hash: string; saved: Saved } | null = null
  let seen: Fingerprint | null = null
  let skip: readonly string[] = []
  let isTooLarge = false
  let quiet = 0

  return {
    async since() {
      seen = null
      if (quiet > 0) {
        quiet -= 1
        return null
      }
      seen = await look({ skip }).catch(() => null)
      isTooLarge = seen === null
      return seen !== null && last?.hash === seen.hash ? last.saved : null
    },
    wantsIgnored: () => isTooLarge && skip.length === 0,
    save(saved, lookedAtMs, ignored) {
      // What changed after the fingerprint is in the snapshot or not; either way the next fingerprint differs.
      const isCertain = seen !== null && seen.newestMs + TICK_MS < lookedAtMs
      last = seen !== null && isCertain ? { hash: seen.hash, saved } : null
      if (seen !== null) return
      if (ignored !== null && ignored.length > 0) skip = ignored
      else if (isTooLarge) quiet = ASK_AGAIN_AFTER
    },
    forget() {
      last = null
      skip = []
      quiet = 0
    },
  }
}
