// The terminal, or whatever stands in its place: where lines go, and whether a person sits there.

import { plainStyle, terminalStyle, type Style } from './render/style.ts'

export interface Terminal {
  /** Somebody reads and can answer. */
  isInteractive: boolean
  style: Style
  /** Result of the command. */
  print(line: string): void
  /** Everything else. */
  note(line: string): void
  /** Replaces the progress line; null takes it away. Does nothing where no terminal is. */
  status(text: string | null): void
  /** Somebody is asked on the last line: the next line that is printed takes its place. */
  lendLastLine(): void
}

/** `quiet`: standard output carries machine-readable lines only, so people's lines go to standard error. */
export function openTerminal(output: 'people' | 'quiet'): Terminal {
  const stream = output === 'people' ? process.stdout : process.stderr
  const hasColour = !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  const style = stream.isTTY ? terminalStyle(stream.columns || 80, hasColour ? 'colour' : 'no-colour') : plainStyle
  const hasStatus = stream.isTTY && process.env['TERM'] !== 'dumb'
  let shown = false

  function clear(): void {
    if (shown) stream.write('\r\u001b[2K')
    shown = false
  }

  return {
    isInteractive: output === 'people' && Boolean(process.stdin.isTTY && process.stdout.isTTY),
    style,
    print(line) {
      clear()
      stream.write(`${line}\n`)
    },
    note(line) {
      clear()
      process.stderr.write(`${line}\n`)
    },
    status(text) {
      if (!hasStatus) return
      clear()
      if (text === null) return
      stream.write(text)
      shown = true
    },
    lendLastLine() {
      shown = hasStatus
    },
  }
}
