// The lines of a unified diff of one file, in the order in which they are read.

import type { LineComment } from '../comments-store.ts'

export type Side = LineComment['side']

export interface PatchLine {
  kind: 'context' | 'added' | 'removed'
  /** The version that the line belongs to: the new one, unless it was removed. */
  side: Side
  line: number
  text: string
}

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/

/** Headers, and the note about a missing line end, are left out. */
export function patchLines(patch: string): PatchLine[] {
  const lines: PatchLine[] = []
  let old = 0
  let fresh = 0
  let isInside = false
  for (const raw of patch.split('\n')) {
    const hunk = HUNK.exec(raw)
    if (hunk !== null) {
      old = Number(hunk[1])
      fresh = Number(hunk[2])
      isInside = true
    } else if (!isInside) continue
    else if (raw.startsWith('+')) lines.push({ kind: 'added', side: 'new', line: fresh++, text: raw.slice(1) })
    else if (raw.startsWith('-')) lines.push({ kind: 'removed', side: 'old', line: old++, text: raw.slice(1) })
    else if (raw.startsWith(' ')) {
      lines.push({ kind: 'context', side: 'new', line: fresh++, text: raw.slice(1) })
      old++
    }
  }
  return lines
}

/** How a line is told to somebody who does not see it. */
export function sayLine({ kind, line, text }: PatchLine): string {
  const what = { context: 'Line', added: 'Added line', removed: 'Removed line' }[kind]
  return `${what} ${line}: ${text.trim() === '' ? 'empty' : text}`
}
