// Writes the blocks into a terminal, and only what is new of them. They follow one another: a command that runs beside an
// earlier one is shown once that has ended, so no output comes to stand under another command.

import { formatClock } from '../../format/date.ts'
import type { Block } from './blocks.ts'
import { cleanOutput, makeStreamCleaner, type StreamCleaner } from './clean-output.ts'

/** What is needed of a terminal. */
export interface Screen {
  /** `onWritten` is called once the text is on it. */
  write(text: string, onWritten?: () => void): void
  reset(): void
}

export interface BlockWriter {
  /** `liveText` reads what a running call has printed so far. */
  show(blocks: readonly Block[], liveText: (callId: string) => string): void
  /** Forgets what was written: the next `show` writes everything. */
  restart(): void
}

interface Written {
  key: string
  /** What has been written of the running command; null once it has ended. */
  live: { text: string; cleaner: StreamCleaner } | null
}

/** Older blocks are in the conversation; a terminal holds so many lines anyway. */
const MOST_BLOCKS = 500

export interface WriterOptions {
  screen: Screen
  /** Called when the head of a block is on the screen. */
  onHead(block: Block): void
  /** The line that leads to the whole output; empty for none. */
  wholeOutputLine(sha: string): string
}

export function makeBlockWriter({ screen, onHead, wholeOutputLine }: WriterOptions): BlockWriter {
  let written: Written[] = []

  function restart(): void {
    written = []
    screen.reset()
  }

  function begin(block: Block): Written {
    screen.write(headOf(block), () => onHead(block))
    return { key: block.key, live: { text: '', cleaner: makeStreamCleaner() } }
  }

  /** Writes what came since; false when what was written is not the beginning of it. */
  function goOn(entry: Written, text: string): boolean {
    // Its text is let go a moment before its outcome is shown.
    if (entry.live === null || text === '' || text === entry.live.text) return true
    if (!text.startsWith(entry.live.text)) return false
    screen.write(entry.live.cleaner.push(text.slice(entry.live.text.length)))
    entry.live.text = text
    return true
  }

  function end(entry: Written, block: Block): boolean {
    const { output, wholeSha } = block
    const seen = entry.live?.text ?? ''
    // Where the log has a part only, what was seen live may be more.
    const isComplete = seen !== '' && (wholeSha === null ? seen.trimEnd() === output.trimEnd() : seen.length >= output.length)
    if (seen !== '' && !isComplete) return false
    const rest = seen === '' ? output : missingEnd(seen, output)
    screen.write(seen === '' ? cleanOutput(rest) : (entry.live?.cleaner.push(rest) ?? ''))
    const lastChar = (seen + rest).at(-1)
    const newLine = lastChar === undefined || lastChar === '\n' ? '' : '\r\n'
    const whole = wholeSha === null ? '' : wholeOutputLine(wholeSha)
    screen.write(`\u001b[0m${newLine}${whole}${footOf(block)}\r\n`)
    entry.live = null
    return true
  }

  function show(blocks: readonly Block[], liveText: (callId: string) => string): void {
    const shown = blocks.slice(-MOST_BLOCKS)
    const isSame = written.every(
      (entry, index) => shown[index]?.key === entry.key && (entry.live !== null || shown[index]?.result !== null),
    )
    if (!isSame) restart()
    for (const [index, block] of shown.entries()) {
      if (written[index]?.live === null) continue
      const entry = (written[index] ??= begin(block))
      if (block.result === null) {
        if (block.liveCallId !== null && !goOn(entry, liveText(block.liveCallId))) return again(blocks, liveText)
        return
      }
      if (!end(entry, block)) return again(blocks, liveText)
    }
  }

  function again(blocks: readonly Block[], liveText: (callId: string) => string): void {
    restart()
    show(blocks, liveText)
  }

  return { show, restart }
}

/** By so many characters the place is found up to which a text was seen. */
const LANDMARK_CHARS = 200

/** What was printed last may come with the outcome, and never live. */
function missingEnd(seen: string, output: string): string {
  const landmark = seen.slice(-LANDMARK_CHARS).trimEnd()
  const at = output.lastIndexOf(landmark)
  return at === -1 ? '' : output.slice(at + landmark.length + seen.length - seen.trimEnd().length)
}

const ORIGIN: Record<Block['origin'], string> = { agent: '', setup: ' set-up', verification: ' verification' }

function headOf({ command }: Block): string {
  const [first = '', ...rest] = cleanOutput(command).split('\r\n')
  const more = rest.map((line) => `\r\n  ${line}`).join('')
  return `\u001b[0m\u001b[36m$\u001b[0m \u001b[1m${first}${more}\u001b[0m\r\n`
}

function footOf({ result, at, origin }: Block): string {
  if (result === null) return ''
  const when = `${formatClock(at)}${ORIGIN[origin]}`
  return `\u001b[${result.isGood ? '90' : '31'}m${cleanOutput(result.text)}\u001b[0m \u001b[90m${when}\u001b[0m\r\n`
}
