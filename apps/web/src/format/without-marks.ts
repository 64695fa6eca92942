/** Markdown as one would read it out, for places of one line; what only looks like a mark stays. */
export function withoutMarks(text: string): string {
  return text
    .slice(0, 1_000)
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/^ {0,3}(?:#{1,6}|>|[-*+]|\d+\.)\s+/gm, '')
    .replace(/(\*\*|__|`+)(?=\S)([^\n]*?\S)\1/g, '$2')
}
