// Comments that a rendered page does not show: HTML comments, and Markdown link definitions used as comments.

// A cut-off comment only hides the rest when a line begins with it; inside a line, renderers show it.
const MOST_PASSES = 8
const MARKDOWN_COMMENT = /^[ \t]{0,3}\[[^\]\n]{1,100}\]:[ \t]*(?:#|<>)[ \t]*(?:\([^\n]*\)|"[^\n]*"|'[^\n]*')[ \t]*$/gm

export type CommentKind = 'html-comment' | 'markdown-comment'

/** The text without such comments; `onRemove` hears of each. Whatever remains cannot form a new comment. */
export function removeComments(text: string, onRemove: (kind: CommentKind) => void): string {
  let shown = text
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const next = removeHtmlComments(shown, onRemove)
    if (next === shown) break
    shown = next
  }
  // Nested on purpose, beyond any honest use: made visible instead.
  if (removeHtmlComments(shown, () => {}) !== shown) shown = shown.replaceAll('<!--', '&lt;!--')
  return shown.replace(MARKDOWN_COMMENT, () => {
    onRemove('markdown-comment')
    return ''
  })
}

function removeHtmlComments(text: string, onRemove: (kind: CommentKind) => void): string {
  const parts: string[] = []
  let position = 0
  for (let start = text.indexOf('<!--'); start !== -1; start = text.indexOf('<!--', position)) {
    const end = commentEnd(text, start)
    if (end === null) break
    parts.push(text.slice(position, start))
    position = end
    onRemove('html-comment')
  }
  return parts.join('') + text.slice(position)
}

function commentEnd(text: string, start: number): number | null {
  const empty = /^<!--(?:>|->)/.exec(text.slice(start, start + 6))
  if (empty) return start + empty[0].length
  const ends = [text.indexOf('-->', start + 4), text.indexOf('--!>', start + 4)]
  const plain = ends[0]!
  const bang = ends[1]!
  if (plain === -1 && bang === -1) return beginsLine(text, start) ? text.length : null
  return bang === -1 || (plain !== -1 && plain < bang) ? plain + 3 : bang + 4
}

function beginsLine(text: string, offset: number): boolean {
  return /^[ \t]*$/.test(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))
}
