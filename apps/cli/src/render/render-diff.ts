// A unified diff, coloured where there are colours, and safe for a terminal.

import { plain } from './plain-text.ts'
import type { Style } from './style.ts'

export function renderDiff(diff: string, style: Style): string[] {
  const text = plain(diff).trimEnd()
  return text === '' ? ['No change has left the sandbox.'] : text.split('\n').map((line) => dress(line, style))
}

function dress(line: string, style: Style): string {
  if (/^(diff |index |--- |\+\+\+ |new file|deleted file|similarity|rename )/.test(line)) return style.dim(line)
  if (line.startsWith('@@')) return style.accent(line)
  if (line.startsWith('+')) return style.good(line)
  return line.startsWith('-') ? style.bad(line) : line
}
