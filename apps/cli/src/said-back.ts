// Messages repeat what was typed, which may be a whole file or hold sequences that a terminal obeys.

const longestLine = 300
const mostLines = 100

/** The message without control characters but line feeds, long lines and long lists cut. */
export function saidBack(message: string): string {
  const lines = message.split('\n')
  const shown = lines.slice(0, mostLines).map(cutLine)
  if (lines.length > mostLines) shown.push(`… and ${lines.length - mostLines} more lines`)
  return shown.join('\n')
}

function cutLine(line: string): string {
  const visible = line.replace(/\p{Cc}/gu, ' ')
  return visible.length <= longestLine ? visible : `${visible.slice(0, longestLine).toWellFormed()}…`
}
