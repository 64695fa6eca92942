// The part of a failed check's log that says why: its failing group or the lines around the first and the last errors.

import { cleanOutput } from '../text/clean.ts'
import { capLine } from '../text/truncate.ts'
import { prefixIndex, utf8Length } from '../text/utf8.ts'

/** A model can read this much of each failed check. */
export const relevantBytes = 8 * 1024

const longestLine = 600
const before = 8
const after = 12
const tailLines = 40
/** Nobody's log is read whole when it is larger: its end says how it ended. */
const readUnits = 4_000_000

// GitHub Actions puts one in front of each line, GitLab one with a stream's number.
const stamp = /^\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?Z(?: \d\d[OE]\+?)? ?/
// GitLab marks sections with a line that overwrites itself.
const section = /section_(?:start|end):\d+:[\w.-]+(?:\[[^\]]*\])?\r?/g
const command = /^##\[(?:group|endgroup|command|debug|section)\]/

const strong =
  /^##\[error\]|^::error|\b(?:error|fatal|panic|exception|traceback|assertionerror|segmentation fault)\b.*[:(!]|^E {2,}|^\s*(?:✗|×|✕|not ok\b|FAIL(?:ED)?\b|--- FAIL)|\b\d+ (?:failed|failing|errors?)\b/i
/** Words of success that look like the others. */
const harmless = /\b(?:0|no) (?:errors?|failed|failing|failures?)\b|\berror_?handl|--no-error|continue-on-error|fail-fast/i
/** The runner's own last word, which follows whatever was wrong. */
const closing = /^(?:##\[error\]Process completed with exit code|ERROR: Job failed|##\[error\]The operation was canceled)/

/** At most `maxBytes` of it, oldest line first, gaps marked. `redact` takes credentials out, before anything is cut. */
export function relevantLog(log: string, redact: (text: string) => string, maxBytes: number = relevantBytes): string {
  const recent = log.length > readUnits ? log.slice(-readUnits) : log
  const lines = plainLines(redact(recent))
  const found = lines.flatMap((line, index) => (isFailure(line) ? [index] : []))
  // Without a line that looks like a failure, the end of the log is the best there is.
  const centres = found.length > 0 ? found : lines.length > 0 ? [lines.length - 1] : []
  return choose(lines, centres, maxBytes)
}

function plainLines(log: string): string[] {
  const text = cleanOutput(log.replace(section, '')).text
  return text
    .split('\n')
    .map((line) => lastOverwritten(line.replace(stamp, '')))
    .filter((line, index, all) => !command.test(line) && (line !== '' || all[index - 1] !== ''))
    .map((line) => capLine(line, longestLine))
}

/** What a progress bar shows at its end. */
function lastOverwritten(line: string): string {
  const trimmed = line.replace(/\r+$/, '')
  return trimmed.slice(trimmed.lastIndexOf('\r') + 1).trimEnd()
}

function isFailure(line: string): boolean {
  return strong.test(line) && !harmless.test(line) && !closing.test(line)
}

/** The first failure with what surrounds it, then the end of the last one, then what lies between, as far as there is room. */
function choose(lines: string[], centres: number[], maxBytes: number): string {
  const kept = new Set<number>()
  let left = maxBytes
  const keep = (index: number): boolean => {
    const line = lines[index]
    if (line === undefined || kept.has(index)) return true
    const bytes = utf8Length(line) + 1
    // A gap before and one after may have to be marked.
    if (bytes + 2 * gapBytes > left) return false
    left -= bytes
    kept.add(index)
    return true
  }
  const [first] = centres
  const last = centres.at(-1)
  if (first === undefined || last === undefined) return ''
  const order = [first, ...range(first + 1, first + after), ...range(first - before, first - 1).reverse()]
  const end = Math.min(lines.length - 1, Math.max(last, first) + after)
  order.push(...range(Math.max(first, end - tailLines), end).reverse())
  for (const centre of centres.slice(1)) order.push(...range(centre - 2, centre + 4))
  for (const index of order) if (!keep(index)) break
  return withGaps(lines, kept, maxBytes)
}

const gapBytes = 40

function withGaps(lines: string[], kept: Set<number>, maxBytes: number): string {
  const parts: string[] = []
  let previous = -1
  for (const index of [...kept].sort((a, b) => a - b)) {
    const missing = index - previous - 1
    if (missing > 0) parts.push(gap(missing))
    parts.push(lines[index] ?? '')
    previous = index
  }
  const missing = lines.length - 1 - previous
  if (missing > 0 && kept.size > 0) parts.push(gap(missing))
  const text = parts.join('\n')
  // Many gaps take more than was set aside for them.
  return utf8Length(text) <= maxBytes ? text : text.slice(0, prefixIndex(text, maxBytes))
}

function gap(count: number): string {
  return `[… ${count} line${count === 1 ? '' : 's'} …]`
}

function range(from: number, to: number): number[] {
  const start = Math.max(0, from)
  return Array.from({ length: Math.max(0, to - start + 1) }, (_, offset) => start + offset)
}
